#!/usr/bin/env python3
"""Program: reads a document for mail programs as those programs do, and prints the servers that it names as JSON.

Usage: read-client-document.py autoconfig|autodiscover|profile <DOCUMENT
"""
import json
import plistlib
import sys
import urllib.parse
import xml.etree.ElementTree as ElementTree

OUTLOOK = "{http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a}"


def autoconfig(data):
    root = ElementTree.fromstring(data)
    assert root.tag == "clientConfig" and root.get("version") == "1.1", root.tag
    provider = root.find("emailProvider")
    assert provider.find("domain").text
    for server in provider.findall("incomingServer") + provider.findall("outgoingServer"):
        yield {
            "protocol": server.get("type"),
            "host": server.find("hostname").text,
            "port": int(server.find("port").text),
            "starttls": {"SSL": False, "STARTTLS": True}[server.find("socketType").text],
            "user": server.find("username").text,
            "password": server.find("authentication").text,
        }
    for personal in root.findall("addressbook") + root.findall("calendar"):
        place = urllib.parse.urlsplit(personal.find("serverURL").text)
        assert place.scheme == "https" and place.path == "/.well-known/" + personal.get("type")
        assert personal.find("authentication").text == "basic"
        yield {
            "protocol": personal.get("type"),
            "host": place.hostname,
            "port": place.port or 443,
            "starttls": False,
            "user": personal.find("username").text,
            "password": "password-cleartext",
        }


def autodiscover(data):
    account = ElementTree.fromstring(data).find(OUTLOOK + "Response/" + OUTLOOK + "Account")
    assert account.find(OUTLOOK + "AccountType").text == "email"
    assert account.find(OUTLOOK + "Action").text == "settings"
    for protocol in account.findall(OUTLOOK + "Protocol"):

        def text(name):
            found = protocol.find(OUTLOOK + name)
            return None if found is None else found.text

        assert text("SSL") == "on" and text("AuthRequired") == "on" and text("SPA") == "off"
        yield {
            "protocol": text("Type").lower(),
            "host": text("Server"),
            "port": int(text("Port")),
            "starttls": text("Encryption") == "TLS",
            "user": text("LoginName"),
            "password": "password-cleartext",
        }


def profile(data):
    root = plistlib.loads(data)
    assert root["PayloadType"] == "Configuration" and root["PayloadVersion"] == 1
    for payload in root["PayloadContent"]:
        assert not [key for key in payload if "Password" in key and isinstance(payload[key], str)], payload
        name = {"com.apple.caldav.account": "CalDAV", "com.apple.carddav.account": "CardDAV"}.get(payload["PayloadType"])
        if name is not None:
            assert payload[name + "UseSSL"] is True
            yield {
                "protocol": name.lower(),
                "host": payload[name + "HostName"],
                "port": payload[name + "Port"],
                "starttls": False,
                "user": payload.get(name + "Username", ""),
                "password": "password-cleartext",
            }
            continue
        assert payload["PayloadType"] == "com.apple.mail.managed", payload["PayloadType"]
        assert payload["EmailAccountType"] == "EmailTypeIMAP"
        for way, protocol in (("Incoming", "imap"), ("Outgoing", "smtp")):
            assert payload[way + "MailServerUseSSL"] is True
            assert payload[way + "MailServerAuthentication"] == "EmailAuthPassword"
            port = payload[way + "MailServerPortNumber"]
            yield {
                "protocol": protocol,
                "host": payload[way + "MailServerHostName"],
                "port": port,
                # Apple finds out by the port which of the two it is.
                "starttls": port == 587,
                "user": payload.get(way + "MailServerUsername", ""),
                "password": "password-cleartext",
            }


readers = {"autoconfig": autoconfig, "autodiscover": autodiscover, "profile": profile}
json.dump(list(readers[sys.argv[1]](sys.stdin.buffer.read())), sys.stdout)
