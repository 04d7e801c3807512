"""One account's index: the text of its mails, and what narrow.py keeps beside it.

The text is the truth; narrow.py only says which mails are worth a look. So an answer is exact, as IMAP's is: a mail
is found by any part of a word (RFC 9051, section 6.4.4).
"""
import hashlib
import os
import sqlite3
import sys
import time
import zlib

import narrow

# No text has it: Dovecot makes spaces of such characters.
BETWEEN = "\x1f"
FIELDS = ("body", "hdr", "from", "to", "cc", "bcc", "subject")

SCHEMA = (
    "CREATE TABLE mailbox (id INTEGER PRIMARY KEY, guid TEXT NOT NULL UNIQUE)",
    "CREATE TABLE mail (id INTEGER PRIMARY KEY, mailbox INTEGER NOT NULL REFERENCES mailbox, uid INTEGER NOT NULL,"
    " text BLOB NOT NULL, UNIQUE (mailbox, uid))",
) + narrow.SCHEMA
# A question that takes longer is not answered: Dovecot reads the mails, and an old one waits for an answer for ever.
MOST_SECONDS = 60


class Unknown(Exception):
    """Nothing is known of this mailbox: that is no answer to a question about it."""


def name_of(account):
    """An address is no file name: what is in it comes from outside."""
    return hashlib.sha256(account.encode()).hexdigest()


class Index:
    """Opened, and made where there is none. One that can't be read is made anew: it holds nothing that the mail doesn't."""

    def __init__(self, folder, account):
        self.path = os.path.join(folder, name_of(account) + ".sqlite")
        self.mark = os.path.join(folder, "new", name_of(account))
        try:
            self._open()
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError) and "lock" in str(error):
                raise
            sys.stderr.write("an index is made anew: %s\n" % error)
            self.db.close()
            make_mark(self.mark)
            erase(self.path)
            self._open()

    def _open(self):
        # First the mark: Dovecot believes that mails are indexed which this one doesn't have.
        if not os.path.exists(self.path):
            make_mark(self.mark)
        self.db = sqlite3.connect(self.path, timeout=30, isolation_level=None)
        self.db.execute("PRAGMA journal_mode = WAL")
        self.db.execute("PRAGMA synchronous = FULL")
        self.db.execute("PRAGMA secure_delete = ON")
        self.db.execute("PRAGMA cache_size = -4096")
        if self._format() == 0:
            self._make()
        if self._format() != narrow.FORMAT:
            raise sqlite3.DatabaseError("made by another version of this program")

    def _format(self):
        return self.db.execute("PRAGMA user_version").fetchone()[0]

    def _make(self):
        self.begin()
        # Another one may have made it meanwhile.
        if self._format() == 0:
            for statement in SCHEMA:
                self.db.execute(statement)
            self.db.execute("PRAGMA user_version = %d" % narrow.FORMAT)
        self.commit()

    def is_new(self):
        return os.path.exists(self.mark)

    def is_filled(self):
        """All mails of the account are in it."""
        if self.is_new():
            os.unlink(self.mark)

    def close(self):
        self.db.close()

    def begin(self):
        if not self.db.in_transaction:
            self.db.execute("BEGIN IMMEDIATE")

    def commit(self):
        if self.db.in_transaction:
            self.db.execute("COMMIT")

    def mailbox(self, guid):
        row = self.db.execute("SELECT id FROM mailbox WHERE guid = ?", (guid,)).fetchone()
        if row is None:
            raise Unknown(guid)
        return row[0]

    def add(self, guid, uid, fields):
        """Puts a mail in, in the place of an older text of it. `fields` are normalised texts by name."""
        self.db.execute("INSERT OR IGNORE INTO mailbox (guid) VALUES (?)", (guid,))
        mailbox = self.mailbox(guid)
        self.remove(guid, uid)
        text = BETWEEN.join(fields.get(name, "") for name in FIELDS)
        row = self.db.execute(
            "INSERT INTO mail (mailbox, uid, text) VALUES (?, ?, ?)", (mailbox, uid, zlib.compress(text.encode(), 6))
        ).lastrowid
        narrow.add(self.db, row, text)

    def remove(self, guid, uid):
        row = self.db.execute(
            "SELECT mail.id, text FROM mail JOIN mailbox ON mailbox.id = mailbox WHERE guid = ? AND uid = ?", (guid, uid)
        ).fetchone()
        if row is None:
            return
        narrow.remove(self.db, row[0], zlib.decompress(row[1]).decode())
        self.db.execute("DELETE FROM mail WHERE id = ?", (row[0],))

    def last_uid(self, guid):
        """0 where nothing is known: Dovecot then begins at the first."""
        return self.db.execute(
            "SELECT max(uid) FROM mail JOIN mailbox ON mailbox.id = mailbox WHERE guid = ?", (guid,)
        ).fetchone()[0] or 0

    def known(self):
        """(guid, uid) of every mail that is in it."""
        return self.db.execute("SELECT guid, uid FROM mail JOIN mailbox ON mailbox.id = mailbox")

    def search(self, guids, question):
        """(guid, uid) of each mail that answers the question: of these mailboxes, or of all where none is named."""
        if self.is_new():
            raise Unknown("an index is being filled")
        for guid in guids:
            self.mailbox(guid)
        end = time.monotonic() + MOST_SECONDS
        conditions, values = [], []
        worth = narrow.condition(question)
        if worth:
            conditions.append(worth[0])
            values.extend(worth[1])
        if guids:
            conditions.append("guid IN (%s)" % ", ".join("?" * len(guids)))
            values.extend(guids)
        where = " WHERE " + " AND ".join(conditions) if conditions else ""
        # Not in an order of SQLite's: it would keep all texts, in memory or in a file.
        sql = "SELECT guid, uid, text FROM mail JOIN mailbox ON mailbox.id = mailbox" + where
        found = []
        for guid, uid, text in self.db.execute(sql, values):
            if question.matches(dict(zip(FIELDS, zlib.decompress(text).decode().split(BETWEEN)))):
                found.append((guid, uid))
            if time.monotonic() > end:
                raise Unknown("the question takes too long")
        return sorted(found)


def make_mark(path):
    os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
    folder = os.open(os.path.dirname(path), os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


def doubt(folder, accounts=None):
    """These accounts' indexes, or all, may lack mails that Dovecot takes for indexed: until somebody has looked, they don't answer."""
    names = [entry[: -len(".sqlite")] for entry in os.listdir(folder) if entry.endswith(".sqlite")]
    for name in names if accounts is None else map(name_of, accounts):
        make_mark(os.path.join(folder, "new", name))


def erase(path):
    for end in ("", "-wal", "-shm"):
        if os.path.exists(path + end):
            os.unlink(path + end)


def keep_accounts(folder, accounts):
    """Erases the index of every account that is not among these."""
    names = {name_of(account) for account in accounts}
    for entry in os.listdir(folder):
        if entry.endswith(".sqlite") and entry[: -len(".sqlite")] not in names:
            erase(os.path.join(folder, entry))
    marks = os.path.join(folder, "new")
    for entry in os.listdir(marks) if os.path.isdir(marks) else []:
        if entry not in names:
            os.unlink(os.path.join(marks, entry))
