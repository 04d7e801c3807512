"""Mail that others sent and that leaves the box again: by an alias to outside, or as a Sieve script redirects it.

It gets an envelope sender of this box (SRS), since the next server looks by SPF whether this one may send for it. What
says that it is written here, and is not, must not gain by that: DMARC would count this box's SPF as its author's.
"""
import sqlite3
import sys

from alignment import author_domains, verified
from mail import Mail, bare
from wire import ACCEPT, CONTINUE, DISCARD, again, change_sender


class Forwarded(Mail):
    def __init__(self, host, rights, srs, organizations):
        super().__init__()
        self.host, self.rights, self.srs, self.organizations = host, rights, srs, organizations

    def headers_end(self):
        return CONTINUE

    def end(self, piece):
        try:
            if all(self.rights.is_own(bare(to).rpartition("@")[2]) for to in self.recipients):
                return [ACCEPT]
            forged = self.forged()
        except sqlite3.Error:
            return [again("The box's own domains can't be looked up now")]
        if forged:
            print("discarded: from <%s>, not signed by %s, which it names as its author's" % (self.sender, forged), file=sys.stderr)
            return [DISCARD]
        # Postfix gives what it calls the sender's name without its host where there is none.
        return [change_sender(self.srs.forward(self.sender, self.host)), ACCEPT] if self.sender else [ACCEPT]

    def forged(self):
        """A domain of the box that the mail names as its author's without a proof; else nothing."""
        values = self.values("from")
        domains = author_domains(values)
        mine = self.organizations.of(self.host)
        if domains is None:
            text = " ".join(values).lower()
            return mine if mine in text else None
        for domain in domains:
            if self.organizations.of(domain) == mine or self.rights.is_own(domain):
                if not verified(domain, self.values("authentication-results"), self.host, self.organizations):
                    return domain
        return None
