"""Reads what Dovecot's Solr client posts, as a stream: however long a mail is, no more of it is kept than is indexed."""
from xml.parsers import expat
from xml.sax.saxutils import unescape

from client import ESCAPES_HEADERS_TWICE
from words import MOST_CHARACTERS, MOST_OF_HEADERS, alike

# Fields that Dovecot gives beside the texts.
KEYS = ("uid", "box", "user", "id")


class Updates:
    """Feed it; it calls `add(user, box, uid, fields)` for each mail and `remove(id)` for each that is gone."""

    def __init__(self, add, remove):
        self.add, self.remove = add, remove
        self.field, self.parts, self.left = None, [], 0
        self.fields = {}
        self.parser = expat.ParserCreate("utf-8")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.text
        # The client never sends a document type, and with one a short text may mean a long one.
        self.parser.StartDoctypeDeclHandler = self.refuse

    def refuse(self, *_):
        raise ValueError("a document type is not taken")

    def feed(self, data, final=False):
        self.parser.Parse(data, final)

    def start(self, name, attributes):
        if name == "doc":
            self.fields = {}
        elif name in ("field", "id"):
            self.field, self.parts = attributes.get("name", name), []
            self.left = MOST_CHARACTERS if self.field == "body" else MOST_OF_HEADERS

    def text(self, data):
        if self.field is None:
            return
        kept = data[: self.left]
        self.left -= len(kept)
        if kept:
            self.parts.append(kept)

    def end(self, name):
        if name == "field":
            text = "".join(self.parts)
            if ESCAPES_HEADERS_TWICE and self.field not in KEYS and self.field != "body":
                text = unescape(text)
            self.fields[self.field] = text if self.field in KEYS else alike(text)
            self.field, self.parts = None, []
        elif name == "id":
            self.remove("".join(self.parts))
            self.field, self.parts = None, []
        elif name == "doc":
            self.add(self.fields["user"], self.fields["box"], int(self.fields["uid"]), self.fields)
            self.fields = {}
