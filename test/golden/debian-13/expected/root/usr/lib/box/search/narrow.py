"""Which mails are worth a look: for each three characters in a row, FTS5's trigrams (SQLite 3.34) have the mails with them."""

# Of the file: another way of narrowing is another one.
FORMAT = 1
SCHEMA = ("CREATE VIRTUAL TABLE trigram USING fts5(text, content='', detail=none, columnsize=0, tokenize='trigram case_sensitive 1')",)


def add(db, row, text):
    db.execute("INSERT INTO trigram (rowid, text) VALUES (?, ?)", (row, text))


def remove(db, row, text):
    db.execute("INSERT INTO trigram (trigram, rowid, text) VALUES ('delete', ?, ?)", (row, text))


def condition(question):
    """What to ask of the table `mail`, with its values; None where all of them are worth it."""
    terms = sorted({needle[i : i + 3] for needle in question.needed() for i in range(len(needle) - 2)})[:64]
    if not terms:
        return None
    match = " AND ".join('"' + term.replace('"', '""') + '"' for term in terms)
    return "mail.id IN (SELECT rowid FROM trigram WHERE trigram MATCH ?)", [match]
