"""Asks the same questions of one mailbox in several ways, in turn, each in one IMAP session that stays open.

usage: ask.py QUESTIONS TEXTS WAYS, where WAYS is JSON: {way: [configuration file, account]}; the first is the truth.
Prints JSON: for each way and kind of question how many answers were the same as the first's, the mails that were missed,
those that were found though nothing in them is alike, and the milliseconds of each question.
"""
import json
import subprocess
import sys
import time
import unicodedata


class Server:
    """Dovecot's IMAP server for somebody who is logged in."""

    def __init__(self, configuration, account):
        argv = ["/usr/lib/dovecot/imap", "-c", configuration, "-u", account]
        self.process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.ask(b"SELECT INBOX")

    def ask(self, command):
        self.process.stdin.write(b"x " + command + b"\r\n")
        self.process.stdin.flush()
        lines = []
        for line in self.process.stdout:
            if line.startswith(b"x "):
                if not line.startswith(b"x OK"):
                    raise RuntimeError(line)
                return lines
            lines.append(line)
        raise RuntimeError("the session ended")

    def search(self, key, text):
        text = text.encode()
        command = b"SEARCH CHARSET UTF-8 %s {%d+}\r\n%s" % (key.encode(), len(text), text)
        for line in self.ask(command):
            if line.startswith(b"* SEARCH"):
                return {int(number) for number in line.split()[2:]}
        raise RuntimeError("no answer")

    def end(self):
        self.ask(b"LOGOUT")
        self.process.stdin.close()
        self.process.wait()


def alike(text):
    """What a person takes for the same: without case, accents, and with one blank for any white space."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(letter for letter in letters if not unicodedata.combining(letter)).split())


def main():
    questions_file, texts_file, ways = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
    questions = json.load(open(questions_file))
    texts = [[alike("\n".join(lines)) for lines in mail.values()] for _, mail in sorted(json.load(open(texts_file)).items())]
    servers = {way: Server(*place) for way, place in ways.items()}
    first = next(iter(ways))
    for server in servers.values():
        server.search("BODY", "warm-up")
    results = {way: {} for way in ways}
    for turn, (kind, key, text) in enumerate(questions):
        found, took = {}, {}
        order = list(ways)[turn % len(ways) :] + list(ways)[: turn % len(ways)]
        for way in order:
            began = time.monotonic()
            found[way] = servers[way].search(key, text)
            took[way] = (time.monotonic() - began) * 1000
        needle = alike(text)
        has = {number for number, mail in enumerate(texts, 1) if any(needle in place for place in mail)}
        for way in ways:
            row = results[way].setdefault(kind, {"asked": 0, "right": 0, "hits": 0, "missed": 0, "wrong": 0, "ms": []})
            missed, wrong = found[first] - found[way], found[way] - found[first] - has
            row["asked"] += 1
            row["right"] += not missed and not wrong
            row["hits"] += len(found[first])
            row["missed"] += len(missed)
            row["wrong"] += len(wrong)
            row["ms"].append(took[way])
    for server in servers.values():
        server.end()
    print(json.dumps(results))


main()
