"""A mail as Postfix tells of it, step by step. Each kind of door overrides the steps at which it has something to say."""
from wire import CONTINUE, refuse

MOST_HEADER_BYTES = 1 << 20


class Mail:
    login = ""

    def __init__(self):
        self.sender = ""
        self.recipients = []
        # (name in lower case, value as it came, folded lines and all)
        self.fields = []
        self.bytes = 0

    def begin(self, sender=""):
        self.sender = bare(sender)
        return CONTINUE

    def recipient(self, words):
        """An address, then the parameters of its RCPT."""
        self.recipients.append(words[0] if words else "")
        return CONTINUE

    def header(self, name, value):
        self.bytes += len(name) + len(value)
        if self.bytes > MOST_HEADER_BYTES:
            return refuse("550 5.3.4 The header of this mail is too large")
        self.fields.append((name.strip(" \t").lower(), value))
        return CONTINUE

    def headers_end(self):
        return CONTINUE

    def body(self, piece):
        return CONTINUE

    def end(self, piece):
        """The changes, then the verdict."""
        return [CONTINUE]

    def values(self, name):
        return [value for field, value in self.fields if field == name]


def bare(address):
    """Without its angle brackets."""
    return address[1:-1] if address.startswith("<") and address.endswith(">") else address
