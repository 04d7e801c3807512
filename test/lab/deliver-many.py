#!/usr/bin/env python3
"""Program for a box: delivers mails by LMTP, which it makes of words, and prints how many seconds that took.

Usage: deliver-many.py RECIPIENT NUMBER, or with a file for the one mail's text: deliver-many.py RECIPIENT FILE
"""
import os
import random
import smtplib
import sys
import time

WORDS = (
    "the box keeps a letter until somebody comes for it and then it says what was in there when people wrote "
    "about the weather in winter or about trains that left a station long before their time without passengers"
).split()
SPECIAL = {
    3: "Die Überweisung an das Straßenverkehrsamt Köln, schöne Grüße",
    4: "明日の会議は東京で行われます。",
    5: "你好，世界。",
    6: "Размер файла",
}


def mail(number, text):
    head = f"From: x@outside.example\r\nSubject: many {number}\r\nMessage-ID: <{number}.{time.time()}@outside.example>\r\n"
    head += 'MIME-Version: 1.0\r\nContent-Type: text/plain; charset="utf-8"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n'
    return (head + text + "\r\n").encode()


def texts(many):
    if os.path.exists(many):
        with open(many, encoding="utf-8") as file:
            yield 0, file.read()
        return
    chance = random.Random(1)
    for number in range(int(many)):
        lines = [" ".join(chance.choice(WORDS) for _ in range(10)) for _ in range(20)]
        yield number, "\r\n".join([*lines, SPECIAL.get(number, ""), f"mark{number}end"])


server = smtplib.LMTP("127.0.0.1", 10026)
began = time.time()
for number, text in texts(sys.argv[2]):
    server.sendmail("x@outside.example", [sys.argv[1]], mail(number, text))
print(f"{time.time() - began:.2f}")
