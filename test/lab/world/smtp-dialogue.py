"""Says SMTP commands that no well-behaved client would say, one a line on standard input, and prints the replies as JSON.
usage: smtp-dialogue.py HOST PORT clear|starttls"""
import json
import smtplib
import ssl
import sys

host, port, tls = sys.argv[1:]
client = smtplib.SMTP(host, int(port), local_hostname="client.outside.example", timeout=30)
if tls == "starttls":
    client.ehlo()
    # The box's certificate is its own; what is looked at here is what comes inside.
    trusting = ssl._create_unverified_context()
    client.starttls(context=trusting)
replies = []
for line in sys.stdin.read().splitlines():
    code, text = client.docmd(line)
    replies.append({"code": code, "text": text.decode()})
print(json.dumps(replies))
