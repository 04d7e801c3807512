"""Mail of who logged in: its author must be an address that the log-in may send as, and so must its envelope sender."""
import re
import sqlite3

from authors import Unclear, addresses
from lines import shortened
from mail import Mail
from wire import ACCEPT, CONTINUE, again, refuse

# Fields that name an author (RFC 5322, sections 3.6.2 and 3.6.6), and how many of each there may be.
FIELDS = (("from", 1), ("sender", 1), ("resent-from", 20), ("resent-sender", 20))
# A receipt that a mail program sends (RFC 8098): what must come from nobody.
RECEIPT = re.compile(
    r"\s*multipart/report\s*;(?:[^\"]|\"[^\"]*\")*?\breport-type\s*=\s*\"?disposition-notification\"?\s*(?:;|\Z)", re.I
)


# A longer body is sent as it is, since it is all kept in memory.
MOST_BODY_BYTES = 4 << 20


class Submitted(Mail):
    def __init__(self, rights, pace, automatic=False):
        super().__init__()
        self.rights = rights
        self.pace = pace
        self.text = bytearray()
        # A Sieve script's own mail: it comes from nobody (RFC 3834), and the log-in is the script's owner.
        self.automatic = automatic

    def recipient(self, words):
        # Who writes to a script decides how many answers it gives, and is not to silence its owner.
        if not self.automatic and self.login and not self.pace.take(self.login):
            return refuse("450 4.7.1 You have written to %d recipients within an hour: go on later" % self.pace.most)
        return super().recipient(words)

    def body(self, piece):
        if self.text is not None:
            self.text += piece
            if len(self.text) > MOST_BODY_BYTES:
                self.text = None
        return CONTINUE

    def end(self, piece):
        self.body(piece)
        return shortened(self.fields, self.text) + [ACCEPT]

    def headers_end(self):
        try:
            verdict = self.verdict()
            return CONTINUE if verdict == ACCEPT else verdict
        except sqlite3.Error:
            return again("Who may send as whom can't be looked up now")

    def verdict(self):
        if not self.login:
            return refuse("553 5.7.1 Log in first")
        for name, value in self.fields:
            if re.search(r"[\r\0](?!\n)", value) or re.search(r"\n(?![ \t])", value):
                return refuse("550 5.6.0 A control character in the field %s" % shown(name))
            if not re.match(r"[\x21-\x39\x3b-\x7e]+\Z", name):
                return refuse("550 5.6.0 A field whose name is none")
        if self.sender == "" and not self.automatic and not self.is_receipt():
            return refuse("553 5.7.1 Only receipts (RFC 8098) may come from nobody: give your address as sender")
        if self.sender == "" and not self.values("from"):
            return refuse("553 5.7.1 From: is missing")
        for name, most in FIELDS:
            values = self.values(name)
            if len(values) > most:
                return refuse("553 5.7.1 More than one %s:" % shown(name))
            for value in values:
                wrong = self.wrong(name, value)
                if wrong:
                    return refuse("553 5.7.1 %s" % wrong)
        return ACCEPT

    def is_receipt(self):
        types = self.values("content-type")
        return len(self.recipients) == 1 and len(types) == 1 and RECEIPT.match(types[0].replace("\n", " ")) is not None

    def wrong(self, name, value):
        try:
            found = addresses(value)
        except Unclear as why:
            return "%s: %s" % (shown(name), why)
        if not found:
            return "%s: no address in it" % shown(name)
        for address in found:
            if not self.rights.may_send_as(self.login, address):
                return "%s: not owned by user %s" % (shown(name), self.login)
        return None


def shown(name):
    return re.sub(r"[^a-z-]", "?", name)[:40].title()
