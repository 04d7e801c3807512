"""Mail of who logged in: its author must be an address that the log-in may send as, and so must its envelope sender."""
import re
import sqlite3

from authors import Unclear, addresses
from mail import Mail
from wire import ACCEPT, CONTINUE, again, refuse

# Fields that name an author (RFC 5322, sections 3.6.2 and 3.6.6), and how many of each there may be.
FIELDS = (("from", 1), ("sender", 1), ("resent-from", 20), ("resent-sender", 20))
# A receipt that a mail program sends (RFC 8098): what must come from nobody.
RECEIPT = re.compile(
    r"\s*multipart/report\s*;(?:[^\"]|\"[^\"]*\")*?\breport-type\s*=\s*\"?disposition-notification\"?\s*(?:;|\Z)", re.I
)


class Submitted(Mail):
    def __init__(self, rights, automatic=False):
        super().__init__()
        self.rights = rights
        # A Sieve script's own mail: it comes from nobody (RFC 3834), and the log-in is the script's owner.
        self.automatic = automatic

    def headers_end(self):
        try:
            return self.verdict()
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
