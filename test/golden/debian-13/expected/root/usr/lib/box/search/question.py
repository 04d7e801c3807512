"""Reads the questions that Dovecot's Solr client asks: fields, words in backslashes or quotes, AND, OR, minus and brackets."""
import re

from words import alike

# What may stand behind a word in quotes.
ENDS = re.compile(r"\Z| AND | OR |\)| ?\+")


class Bad(Exception):
    """Not a question that Dovecot asks."""


class Has:
    def __init__(self, field, needle):
        self.field, self.needle = field, needle

    def matches(self, fields):
        return self.needle in fields.get(self.field, "")

    def needed(self):
        return [self.needle]


class Not:
    def __init__(self, part):
        self.part = part

    def matches(self, fields):
        return not self.part.matches(fields)

    def needed(self):
        return []


class All:
    def __init__(self, parts):
        self.parts = parts

    def matches(self, fields):
        return all(part.matches(fields) for part in self.parts)

    def needed(self):
        """Texts that each mail which matches has somewhere."""
        return [needle for part in self.parts for needle in part.needed()]


class Any:
    def __init__(self, parts):
        self.parts = parts

    def matches(self, fields):
        return any(part.matches(fields) for part in self.parts)

    def needed(self):
        first, *others = [set(part.needed()) for part in self.parts]
        return sorted(first.intersection(*others))


def read(text):
    """The question, behind `{!lucene q.op=AND}` where its asker is of 2.3 or newer."""
    parts = Reader(text)
    parts.takes("{!lucene q.op=AND}")
    question = parts.alternatives()
    if parts.rest():
        raise Bad("something stands behind it")
    return question


class Reader:
    def __init__(self, text):
        self.text, self.at = text, 0

    def rest(self):
        return self.text[self.at :]

    def takes(self, token):
        if not self.text.startswith(token, self.at):
            return False
        self.at += len(token)
        return True

    def alternatives(self):
        parts = [self.together()]
        while self.takes(" OR "):
            parts.append(self.together())
        return parts[0] if len(parts) == 1 else Any(parts)

    def together(self):
        parts = [self.one()]
        while self.takes(" AND "):
            parts.append(self.one())
        return parts[0] if len(parts) == 1 else All(parts)

    def one(self):
        if self.takes("-"):
            return Not(self.one())
        if self.takes("("):
            inner = self.alternatives()
            if not self.takes(")"):
                raise Bad("a bracket is open")
            return inner
        field, colon, _ = self.rest().partition(":")
        if not colon or not field.replace("-", "").isalnum():
            raise Bad("a field is missing")
        self.at += len(field) + 1
        return Has(field, alike(self.word()))

    def word(self):
        """A word with a backslash before each character that means something; or, by Dovecot before 2.3, between quotes."""
        if self.takes('"'):
            return self.quoted()
        found = []
        while self.at < len(self.text) and self.text[self.at] not in " ()":
            if self.takes("\\") and self.at == len(self.text):
                raise Bad("a backslash ends the question")
            found.append(self.text[self.at])
            self.at += 1
        return "".join(found)


    def quoted(self):
        """Nothing in it is escaped: where a quote stands that can't be the last one, nobody knows what was asked."""
        word, quote, _ = self.rest().partition('"')
        self.at += len(word) + 1
        if not quote or not ENDS.match(self.text, self.at):
            raise Bad("where does this word end?")
        return word


def read_scope(text):
    """{"user": ..., "box": [...]} of `+box:X +user:Y`, `+user:Y +(box:X OR box:Z)` and `box:X AND user:Y`, or with blanks less."""
    scope = {"box": []}
    reader = Reader(text)
    while reader.rest():
        if reader.takes("box:"):
            scope["box"].append(reader.word())
        elif reader.takes("user:"):
            scope["user"] = reader.word()
        elif not any(reader.takes(token) for token in ("+", "(", ")", " OR ", " AND ", " ")):
            raise Bad("whose mails are asked for?")
    if not scope.get("user"):
        raise Bad("nobody’s mails are asked for")
    return scope
