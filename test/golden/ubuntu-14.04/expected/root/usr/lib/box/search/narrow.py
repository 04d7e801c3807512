"""Which mails are worth a look: all of them. SQLite before 3.34 has no trigrams, and 20,000 compressed texts are read in a second."""

# Of the file: another way of narrowing is another one.
FORMAT = 2
SCHEMA = ()


def add(db, row, text):
    pass


def remove(db, row, text):
    pass


def condition(question):
    return None
