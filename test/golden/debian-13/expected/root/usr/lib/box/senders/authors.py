"""The addresses of a From: or Sender: field (RFC 5322, section 3.4), read strictly: what can be read in two ways is refused.

Of the old forms (section 4) comments are read, and white space where programs write it; routes and addresses beyond ASCII are not.
"""
import re

MOST_ADDRESSES = 50


class Unclear(Exception):
    """What is wrong with the field."""


ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
TOKEN = re.compile(
    r"(?P<space>[ \t]+|\r?\n[ \t]+)"
    r'|"(?P<quoted>(?:[^"\\\r\n\0]|\\[^\r\n\0]|\r?\n[ \t])*)"'
    r"|(?P<literal>\[[^\[\]\\\r\n\0]*\])"
    r"|(?P<special>[<>@,:;.])"
    # Display names are often written as they should not be: with letters beyond ASCII.
    r"|(?P<atom>[^\x00-\x20\x7f()<>\[\]:;@\\,.\"]+)"
)


def addresses(value):
    """Each address in the field, as `local@domain` without quotes; groups give their members. Raises Unclear."""
    return Reader(list(tokens(value))).read()


def tokens(value):
    at = 0
    while at < len(value):
        if value[at] == "(":
            at = comment_end(value, at)
            yield "space", " "
            continue
        found = TOKEN.match(value, at)
        if found is None:
            raise Unclear("a character that has no place there")
        yield found.lastgroup, found.group(found.lastgroup)
        at = found.end()


def comment_end(value, at):
    depth = 0
    while at < len(value):
        letter = value[at]
        if letter in "\r\n\0" and value[at : at + 2] not in ("\n ", "\n\t", "\r\n"):
            raise Unclear("a control character in a comment")
        if letter == "\\":
            at += 1
        elif letter == "(":
            depth += 1
        elif letter == ")":
            depth -= 1
            if depth == 0:
                return at + 1
        at += 1
    raise Unclear("a comment without an end")


class Reader:
    def __init__(self, found):
        self.tokens = [token for token in found if token[0] != "space"]
        self.at = 0

    def peek(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "")

    def next(self):
        token = self.peek()
        self.at += 1
        return token

    def takes(self, special):
        if self.peek() == ("special", special):
            self.at += 1
            return True
        return False

    def read(self):
        found = []
        while self.peek()[0] != "end":
            if self.takes(","):
                continue
            found += self.one(True)
            if len(found) > MOST_ADDRESSES:
                raise Unclear("more than %d addresses" % MOST_ADDRESSES)
            if self.peek()[0] != "end" and not self.takes(","):
                raise Unclear("something behind an address")
        return found

    def one(self, may_be_group):
        words = self.words()
        if self.takes("<"):
            address = self.address(self.words())
            if not self.takes(">"):
                raise Unclear("an angle bracket without its other")
            return [address]
        if may_be_group and words and self.takes(":"):
            return self.group()
        return [self.address(words)]

    def group(self):
        found = []
        while not self.takes(";"):
            if self.takes(","):
                continue
            if self.peek()[0] == "end":
                raise Unclear("a group without an end")
            found += self.one(False)
            if self.peek() not in (("special", ","), ("special", ";")):
                raise Unclear("something behind an address")
        return found

    def words(self):
        """Words and dots: a display name, or what stands before the @."""
        found = []
        while self.peek()[0] in ("atom", "quoted") or self.peek() == ("special", "."):
            found.append(self.next())
        return found

    def address(self, local):
        if not self.takes("@"):
            raise Unclear("no address in it" if not local else "a name without an address")
        domain = [self.next()] if self.peek()[0] == "literal" else self.words()
        return "%s@%s" % (local_part(local), domain_part(domain))


def local_part(found):
    if len(found) == 1 and found[0][0] == "quoted":
        text = re.sub(r"\\(.)", r"\1", found[0][1])
        if not re.match(r"[\x20-\x7e]+\Z", text):
            raise Unclear("an address of other letters than ASCII's")
        return text
    return dotted(found)


def domain_part(found):
    if len(found) == 1 and found[0][0] == "literal":
        return found[0][1]
    return dotted(found)


def dotted(found):
    text = "".join(word for _, word in found)
    if any(kind == "quoted" for kind, _ in found) or not re.match(r"%s(\.%s)*\Z" % (ATOM, ATOM), text):
        raise Unclear("an address that is none")
    # Two atoms with a blank between them are not one.
    if any(a[0] == b[0] == "atom" for a, b in zip(found, found[1:])):
        raise Unclear("an address with a blank in it")
    return text
