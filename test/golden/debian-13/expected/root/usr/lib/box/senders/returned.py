"""What comes back to an SRS address: the true sender is told that their mail did not arrive, and not where it was forwarded to.

Of the bounce nothing is passed on: it names the other address, and so may the server that wrote it.
"""
import email.utils
import re
import sqlite3

from mail import Mail, bare
from wire import ACCEPT, CONTINUE, DISCARD, add_header, add_recipient, again, change_sender, refuse, remove_recipient
from wire import replace_body, set_header

MOST_BODY_BYTES = 128 << 10
TEXTS = {
    "failed": ("Undelivered Mail Returned to Sender", "could not be delivered: its recipient has it\r\nforwarded, and the next mail server did not take it."),
    "delayed": ("Delayed Mail (still being retried)", "is delayed: its recipient has it forwarded,\r\nand the next mail server does not take it yet. You need not send it again."),
    "answer": ("Automatic answer to your mail", "was forwarded, as its recipient has it. An\r\nautomatic answer came back, which is not passed on, since it may tell where to."),
}


class Returned(Mail):
    def __init__(self, host, rights, srs):
        super().__init__()
        self.host, self.rights, self.srs = host, rights, srs
        self.text = b""
        self.to = []

    def recipient(self, words):
        address = bare(words[0]) if words else ""
        to = self.srs.reverse(address.rpartition("@")[0])
        if to is None:
            return refuse("550 5.1.1 No such address")
        self.to.append(to)
        return super().recipient(words)

    def body(self, piece):
        self.text += piece[: MOST_BODY_BYTES - len(self.text)]
        return CONTINUE

    def end(self, piece):
        self.body(piece)
        text = self.text.decode("latin-1")
        kind = kind_of(" ".join(self.values("content-type")), text)
        if kind is None:
            return [DISCARD]
        try:
            subject, sentence = TEXTS[kind]
            written_to = self.original(text)
        except sqlite3.Error:
            return [again("The box's own domains can't be looked up now")]
        about = re.search(r"^message-id:\s*(<[\x21-\x3b\x3d\x3f-\x7e]{1,200}>)\s*$", text, re.I | re.M)
        mail = "Your mail%s %s" % (" to <%s>" % written_to if written_to else "", sentence)
        body = "This is the mail system at host %s.\r\n\r\n%s\r\n" % (self.host, mail)
        if about:
            body += "\r\nIts Message-ID: %s\r\n" % about.group(1)
        changes = [change_sender("")]
        for name in {name for name, _ in self.fields}:
            changes += [set_header(at, name, "") for at in range(len(self.values(name)), 0, -1)]
        fields = [
            ("From", "Mail Delivery System <MAILER-DAEMON@%s>" % self.host),
            ("To", "<%s>" % self.to[0]),
            ("Subject", subject),
            ("Date", email.utils.formatdate(localtime=True)),
            ("Message-ID", email.utils.make_msgid(domain=self.host)),
            ("Auto-Submitted", "auto-replied"),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=us-ascii"),
        ]
        if about:
            fields.append(("References", about.group(1)))
        changes += [add_header(name, value) for name, value in fields]
        for old, new in zip(self.recipients, self.to):
            changes += [remove_recipient(old), add_recipient(new)]
        return changes + [replace_body(body), ACCEPT]

    def original(self, text):
        """The address of this box that the sender wrote to, where the report says it."""
        for address in re.findall(r"^original-recipient:\s*rfc822;\s*([\w.+=-]{1,64}@[\w.-]{1,255})\s*$", text, re.I | re.M | re.A):
            if self.rights.is_own(address.rpartition("@")[2]):
                return address
        return None


def kind_of(content_type, text):
    """Nothing where the report is of success, which nobody asked for."""
    actions = {action.lower() for action in re.findall(r"^action:\s*(\w+)", text, re.I | re.M)}
    if "failed" in actions:
        return "failed"
    if "delayed" in actions:
        return "delayed"
    if "delivery-status" in content_type.lower() and actions:
        return None
    return "answer"
