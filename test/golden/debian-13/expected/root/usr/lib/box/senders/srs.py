"""The Sender Rewriting Scheme (SRS0 and SRS1): an envelope sender of this box that leads back to the true one for some days.

Source: the draft "SRS" of Shevek and openspf.org's description. The hash is of base32, since mail servers on the way may
write an address in lower case.
"""
import base64
import hashlib
import hmac
import re
import time

VALID_DAYS = 14
DIGITS = "abcdefghijklmnopqrstuvwxyz234567"
PLAIN = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9.-]+\Z")
ZERO = re.compile(r"srs0[=+-]([a-z2-7]{10})=([a-z2-7]{2})=([a-z0-9.-]+)=(.+)\Z", re.I)
ONE = re.compile(r"srs1[=+-]([a-z2-7]{10})=([a-z0-9.-]+)=([=+-].+)\Z", re.I)
OTHERS_ZERO = re.compile(r"srs0([=+-].+)\Z", re.I)
OTHERS_ONE = re.compile(r"srs1[=+-][^=]+=([a-z0-9.-]+)=([=+-].+)\Z", re.I)


class Srs:
    def __init__(self, secret, today=lambda: int(time.time() // 86400)):
        self.secret = secret
        self.today = today

    def hash(self, *parts):
        text = "=".join(parts).lower().encode("latin-1")
        return base64.b32encode(hmac.new(self.secret, text, hashlib.sha256).digest()).decode("ascii")[:10].lower()

    def forward(self, address, host):
        """The address at `host` that leads back to this one; empty where it has none (RFC 5321's null sender)."""
        if not PLAIN.match(address):
            return ""
        local, domain = address.rsplit("@", 1)
        theirs = OTHERS_ONE.match(local)
        if theirs:
            first, rest = theirs.groups()
            return "SRS1=%s=%s=%s@%s" % (self.hash("1", first, rest), first, rest, host)
        theirs = OTHERS_ZERO.match(local)
        if theirs:
            return "SRS1=%s=%s=%s@%s" % (self.hash("1", domain, theirs.group(1)), domain, theirs.group(1), host)
        day = self.today() % 1024
        stamp = DIGITS[day >> 5] + DIGITS[day & 31]
        return "SRS0=%s=%s=%s=%s@%s" % (self.hash("0", stamp, domain, local), stamp, domain, local, host)

    def reverse(self, local):
        """Whom a name before the @ leads back to; None where it is forged or too old."""
        found = ONE.match(local)
        if found:
            mark, domain, rest = found.groups()
            return "SRS0%s@%s" % (rest, domain) if self.holds(mark, "1", domain, rest) else None
        found = ZERO.match(local)
        if not found:
            return None
        mark, stamp, domain, name = found.groups()
        stamp = stamp.lower()
        if not self.holds(mark, "0", stamp, domain, name):
            return None
        age = (self.today() - (DIGITS.index(stamp[0]) * 32 + DIGITS.index(stamp[1]))) % 1024
        # A clock that was set back by a day makes nothing invalid.
        return "%s@%s" % (name, domain) if age <= VALID_DAYS or age == 1023 else None

    def holds(self, mark, *parts):
        return hmac.compare_digest(mark.lower(), self.hash(*parts))
