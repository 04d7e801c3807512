"""The milter protocol, version 6, as far as this program needs it: packets, and one conversation with Postfix.

Source: Postfix's src/milter/milter8.c and the description in Sendmail::PMilter. A packet is a length (4 octets, big endian),
a command (1 octet) and its data.
"""
import struct

# What the program may do to a mail (SMFIF_*), and what of it Postfix need not send (SMFIP_*).
ADD_HEADERS, CHANGE_BODY, ADD_RECIPIENT, REMOVE_RECIPIENT, CHANGE_HEADERS, CHANGE_SENDER = 1, 2, 4, 8, 0x10, 0x40
NO_HELO, NO_BODY, NO_UNKNOWN, NO_DATA = 2, 0x10, 0x100, 0x200
CONTINUE, ACCEPT, DISCARD = b"c", b"a", b"d"
# Postfix sends a body in pieces of 64 KiB; a header field may be longer.
MOST_BYTES = 4 << 20


class Broken(Exception):
    """What came is not the protocol."""


def refuse(text):
    """`550 5.7.1 why`: the answer that the client gets."""
    return b"y" + text.encode("ascii", "replace") + b"\0"


def again(text):
    return refuse("451 4.3.0 " + text)


def change_sender(address):
    return b"e" + b"<" + address.encode("latin-1") + b">\0"


def remove_recipient(address):
    return b"-" + address.encode("latin-1") + b"\0"


def add_recipient(address):
    return b"+" + b"<" + address.encode("latin-1") + b">\0"


def set_header(index, name, value):
    """Puts a value in place of the INDEXth field (from 1) of this name; an empty one removes it."""
    return b"m" + struct.pack("!I", index) + name.encode("latin-1") + b"\0" + value.encode("latin-1") + b"\0"


def add_header(name, value):
    return b"h" + name.encode("latin-1") + b"\0" + value.encode("latin-1") + b"\0"


def replace_body(text):
    return b"b" + text.encode("ascii", "replace")


def words(data):
    return [word.decode("latin-1") for word in data.split(b"\0")[:-1]]


def read_packets(stream):
    """(command, data) until the other side hangs up."""
    while True:
        head = stream.read(4)
        if len(head) < 4:
            return
        (length,) = struct.unpack("!I", head)
        if not 1 <= length <= MOST_BYTES:
            raise Broken("a packet of %d bytes" % length)
        data = stream.read(length)
        if len(data) < length:
            return
        yield data[:1], data[1:]


def converse(stream, make_mail):
    """Speaks with Postfix until it hangs up. `make_mail(daemon)` gives a mail (mail.py) for the daemon's name (milter_macro_daemon_name)."""

    def send(packet):
        stream.write(struct.pack("!I", len(packet)) + packet)
        stream.flush()

    daemon, mail, macros = "", None, {}
    for command, data in read_packets(stream):
        if command == b"O":
            if len(data) < 12:
                raise Broken("options of %d bytes" % len(data))
            version, actions, protocol = struct.unpack("!III", data[:12])
            if version < 6:
                raise Broken("version %d" % version)
            wanted = ADD_HEADERS | CHANGE_BODY | ADD_RECIPIENT | REMOVE_RECIPIENT | CHANGE_HEADERS | CHANGE_SENDER
            unneeded = NO_HELO | NO_UNKNOWN | NO_DATA
            send(b"O" + struct.pack("!III", 6, actions & wanted, protocol & unneeded))
        elif command == b"D":
            pairs = words(data[1:])
            if data[:1] == b"M":
                macros = {}
            macros.update(zip((name.strip("{}") for name in pairs[::2]), pairs[1::2]))
            daemon = macros.get("daemon_name", daemon)
        elif command == b"M":
            mail = make_mail(daemon)
            mail.login = macros.get("auth_authen", "")
            send(mail.begin(*words(data)[:1]))
        elif command in (b"A", b"K"):
            mail = None
        elif command == b"Q":
            return
        elif command in (b"C", b"H", b"T", b"U"):
            send(CONTINUE)
        elif mail is None:
            raise Broken("%r before a mail" % command)
        elif command == b"R":
            send(mail.recipient(words(data)))
        elif command == b"L":
            # A value may hold no NUL for libmilter: what is behind one is kept, so that it is seen.
            name, _, value = data.partition(b"\0")
            send(mail.header(name.decode("latin-1"), value[:-1].decode("latin-1")))
        elif command == b"N":
            send(mail.headers_end())
        elif command == b"B":
            send(mail.body(data))
        elif command == b"E":
            *changes, answer = mail.end(data)
            for change in changes:
                send(change)
            send(answer)
            mail = None
        else:
            raise Broken("command %r" % command)
