#!/usr/bin/env python3
"""Says whether a password belongs to a SHA512-CRYPT hash, for the box program (box/mail/log-in.ts).

Reads {"hash": "...", "password": "..."} on standard input, so that neither is ever an argument, and prints
"right" or "wrong". The C library's crypt(3) does the work; Node.js has none.
"""
import ctypes
import json
import sys
from hmac import compare_digest

# Not by Python's own module, which 3.13 has no more.
crypt = ctypes.CDLL("libcrypt.so.1").crypt
crypt.argtypes = [ctypes.c_char_p, ctypes.c_char_p]
crypt.restype = ctypes.c_char_p


def is_right(order):
    try:
        password, known = order["password"].encode("utf-8"), order["hash"].encode("utf-8")
    except UnicodeEncodeError:
        # Half a surrogate pair: nobody's password.
        return False
    # C would take what is before a NUL for all of it.
    if b"\0" in password or b"\0" in known:
        return False
    return compare_digest(crypt(password, known) or b"", known)


def main():
    order = json.loads(sys.stdin.buffer.read().decode("utf-8"))
    print("right" if is_right(order) else "wrong")
    return 0


if __name__ == "__main__":
    sys.exit(main())
