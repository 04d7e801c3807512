#!/usr/bin/env python3
"""Says whether a password belongs to a SHA512-CRYPT hash, for the box program (box/mail/log-in.ts).

Reads {"hash": "...", "password": "..."} on standard input, so that neither is ever an argument, and prints
"right" or "wrong". The C library's crypt(3) does the work; Node.js has none.
"""
import json
import sys
import warnings
from hmac import compare_digest

with warnings.catch_warnings():
    # Python 3.13 has no crypt any more; every release of the box has an older one.
    warnings.simplefilter("ignore")
    import crypt


def main():
    order = json.loads(sys.stdin.buffer.read().decode("utf-8"))
    try:
        made = crypt.crypt(order["password"], order["hash"]) or ""
    except (ValueError, OSError):
        # A NUL or half a surrogate pair: nobody's password.
        made = ""
    print("right" if compare_digest(made.encode(), order["hash"].encode()) else "wrong")
    return 0


if __name__ == "__main__":
    sys.exit(main())
