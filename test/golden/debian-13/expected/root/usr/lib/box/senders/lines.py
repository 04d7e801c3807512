"""Makes a mail's lines as short as SMTP has them (RFC 5321, section 4.5.3.1.6) before it is signed: a server on its way that broke
them would break the signature, and many refuse them. Text is encoded anew, so that it arrives as it was written.
"""
import binascii
import re

from wire import add_header, set_header

MOST = 998
# The most that a packet of a body holds (libmilter).
PIECE = 65535
LONG = re.compile((r"[^\n]{%d}[^\r\n]" % MOST).encode("ascii"))
# What belongs to somebody's signature or is a mail of its own stays as it is.
LEFT_ALONE = re.compile(r"\s*(multipart/(signed|encrypted)|message/)", re.I)


def shortened(fields, body):
    """What to change in a mail, in the milter's words; BODY is None where it was too large to be looked at."""
    changes, seen = [], {}
    for name, value in fields:
        seen[name] = seen.get(name, 0) + 1
        new = folded(name, value)
        if new != value:
            changes.append(set_header(seen[name], name.title(), new))
    new = None if body is None else mended(fields, bytes(body))
    if new is None:
        return changes
    encoding, text = new
    if encoding is not None:
        kind = "text/plain; charset=%s" % ("utf-8" if re.search(rb"[\x80-\xff]", body) else "us-ascii")
        if "content-transfer-encoding" in seen:
            changes.append(set_header(1, "Content-Transfer-Encoding", encoding))
        needed = (("Mime-Version", "1.0"), ("Content-Type", kind), ("Content-Transfer-Encoding", encoding))
        changes += [add_header(name, value) for name, value in needed if name.lower() not in seen]
    return changes + [b"b" + text[at : at + PIECE] for at in range(0, len(text), PIECE)]


def folded(name, value):
    """The field's value with a line end before blanks, where a line is too long; the same where there is none to break at."""
    lines = []
    for line in ("%s: %s" % (name, value)).split("\n"):
        while len(line) > MOST:
            # Not within the name, nor in the blanks at its start.
            at = max(line.rfind(" ", len(name) + 3, MOST), line.rfind("\t", len(name) + 3, MOST))
            if at < 0 or not line[:at].strip():
                break
            lines.append(line[:at])
            line = line[at:]
        lines.append(line)
    return "\n".join(lines)[len(name) + 2 :]


def mended(fields, body):
    """(encoding, body), where the encoding is None if it stays; None where nothing is to be done. FIELDS: (name in lower case, value)."""
    if not LONG.search(body):
        return None
    kind = first(fields, "content-type") or "text/plain"
    if LEFT_ALONE.match(kind):
        return None
    if re.match(r"\s*multipart/", kind, re.I):
        parts = with_parts(kind, body)
        return None if parts is None or parts == body else (None, parts)
    encoding = (first(fields, "content-transfer-encoding") or "").strip().lower()
    if encoding == "base64":
        packed = b"".join(body.split())
        return None, b"\r\n".join(packed[at : at + 76] for at in range(0, len(packed), 76)) + b"\r\n"
    text = binascii.a2b_qp(body) if encoding == "quoted-printable" else body
    return "quoted-printable", re.sub(rb"(?<!\r)\n", b"\r\n", binascii.b2a_qp(text, istext=True))


def with_parts(kind, body):
    """A multipart body, each of its parts mended; nothing where it does not say how they are kept apart."""
    found = re.search(r";\s*boundary\s*=\s*(?:\"([^\"]+)\"|([^\s;\"]+))", kind, re.I)
    if not found:
        return None
    boundary = (found.group(1) or found.group(2)).encode("latin-1")
    pieces = re.split(rb"((?:\A|\r\n)--" + re.escape(boundary) + rb"(?:--)?[ \t]*(?=\r\n|\Z))", body)
    # The text before the first line of hyphens is nobody's, and so is that behind the last.
    for at in range(2, len(pieces), 2):
        if not pieces[at - 1].rstrip().endswith(boundary + b"--"):
            pieces[at] = part(pieces[at])
    return b"".join(pieces)


def part(piece):
    """A part with its header, from the line end before it."""
    head, gap, body = piece.partition(b"\r\n\r\n")
    fields = fields_of(head)
    new = mended(fields, body) if gap else None
    if new is None:
        return piece
    encoding, body = new
    if encoding is not None:
        head = re.sub(rb"\r\ncontent-transfer-encoding:[^\r\n]*(?:\r\n[ \t][^\r\n]*)*", b"", head, flags=re.I)
        head += b"\r\nContent-Transfer-Encoding: " + encoding.encode()
    return head + gap + body


def fields_of(head):
    text = re.sub(r"\r\n(?=[ \t])", "", head.decode("latin-1"))
    return [(name.strip().lower(), value) for name, _, value in (line.partition(":") for line in text.split("\r\n"))]


def first(fields, name):
    return next((value for field, value in fields if field == name), None)
