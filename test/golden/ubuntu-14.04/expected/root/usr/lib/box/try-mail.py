#!/usr/bin/env python3
"""Submits a mail to this box as one of its people, and reads it back by IMAP: what a box is for.

Reads JSON on standard input: {"submission": PORT, "imaps": PORT, "certificate": "SHA-256 in hexadecimal digits",
"user": "...", "password": "...", "seconds": N}. Ends with 0 when the mail was read, and removed again. Else it ends with 1
and says on standard error what did not work, and which of the two.
"""
import hashlib
import imaplib
import json
import smtplib
import ssl
import sys
import time
import uuid

HOST = "127.0.0.1"
# Seconds for one answer: of a crowded, emulated processor.
PATIENCE = 120


class Wrong(Exception):
    """What did not work, in words for people."""


def context():
    # Whom we speak to is known by the certificate itself, which needs no authority.
    made = ssl.SSLContext(ssl.PROTOCOL_SSLv23)
    made.verify_mode = ssl.CERT_NONE
    return made


def recognise(socket, order):
    seen = hashlib.sha256(socket.getpeercert(binary_form=True)).hexdigest()
    if seen != order["certificate"]:
        raise Wrong("speaks with another certificate than the box's own")


def submit(order, mark):
    server = smtplib.SMTP(HOST, order["submission"], timeout=PATIENCE)
    server.starttls(context=context())
    recognise(server.sock, order)
    server.login(order["user"], order["password"])
    text = "From: <{0}>\r\nTo: <{0}>\r\nSubject: {1}\r\n\r\nThis box looks whether it works.\r\n"
    server.sendmail(order["user"], [order["user"]], text.format(order["user"], mark))
    server.quit()


def read_back(order, mark):
    server = imaplib.IMAP4_SSL(HOST, order["imaps"], ssl_context=context())
    server.sock.settimeout(PATIENCE)
    recognise(server.sock, order)
    server.login(order["user"], order["password"])
    deadline = time.time() + order["seconds"]
    while True:
        for folder in ("INBOX", "Spam"):
            if server.select(folder)[0] != "OK":
                continue
            found = server.search(None, "HEADER", "Subject", mark)[1][0].split()
            if found:
                server.store(found[0], "+FLAGS", "\\Deleted")
                server.expunge()
                server.logout()
                return
        if time.time() > deadline:
            raise Wrong("the mail was taken, and did not arrive in %d s" % order["seconds"])
        time.sleep(1)


def main():
    order = json.loads(sys.stdin.read())
    mark = "letterbox-" + uuid.uuid4().hex
    for name, work in (("submission", submit), ("IMAP", read_back)):
        try:
            work(order, mark)
        except (OSError, smtplib.SMTPException, imaplib.IMAP4.error, Wrong) as error:
            sys.stderr.write("%s: %s\n" % (name, error))
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
