"""Who may send as which address: the same rule as Postfix's own for envelope senders (/etc/postfix/sender-login-maps.cf)."""
import sqlite3
from contextlib import closing

OWNERS = """
  SELECT email FROM users WHERE email = :address
  UNION SELECT permitted_senders FROM aliases WHERE source = :address AND permitted_senders <> ''
  UNION SELECT destination FROM aliases WHERE source = :address AND permitted_senders IS NULL AND destination <> ''
  UNION SELECT coalesce((SELECT coalesce(permitted_senders, destination) FROM aliases WHERE source = auto.destination), '')
    FROM auto_aliases AS auto WHERE source = :address AND source NOT LIKE '@%'
  UNION SELECT '' FROM aliases WHERE source = :address"""
DOMAIN = """
  SELECT email FROM users WHERE substr(email, instr(email, '@')) = :domain
  UNION SELECT coalesce(permitted_senders, destination) FROM aliases WHERE substr(source, instr(source, '@')) = :domain"""
OWN = """
  SELECT 1 FROM (SELECT email AS address FROM users UNION SELECT source FROM aliases UNION SELECT source FROM auto_aliases)
  WHERE substr(address, instr(address, '@') + 1) = :domain LIMIT 1"""
# No catch-all speaks for those who keep the domain (RFC 2142) and the host.
REQUIRED = {"postmaster", "hostmaster", "webmaster", "abuse", "admin", "administrator", "root", "mailer-daemon"}


class Rights:
    def __init__(self, database, whole_domain=False):
        self.database = database
        self.whole_domain = whole_domain

    def rows(self, sql, **values):
        with closing(sqlite3.connect("file:%s?mode=ro" % self.database, uri=True, timeout=10)) as base:
            return [row[0] for row in base.execute(sql, values)]

    def may_send_as(self, login, address):
        """As Postfix looks: the address, then without its tag, then its domain; the first that has an answer counts."""
        local, _, domain = address.lower().rpartition("@")
        for name in (local, local.split("+", 1)[0]):
            found = self.rows(OWNERS, address="%s@%s" % (name, domain))
            if found or not name:
                break
        if not found and name not in REQUIRED:
            found = self.rows(OWNERS, address="@" + domain)
        if self.whole_domain and login not in logins(found):
            found = self.rows(DOMAIN, domain="@" + domain)
        return login.lower() in logins(found)

    def is_own(self, domain):
        """Whether it is a domain of this box."""
        return bool(self.rows(OWN, domain=domain.lower()))


def logins(found):
    return {login.strip().lower() for text in found for login in (text or "").split(",") if login.strip()}
