#!/usr/bin/env python3
"""Runs SQL statements on one SQLite file, for the box program (box/mail/database.ts).

Reads one JSON document on standard input:
  {"path": "...", "create": false, "statements": [{"sql": "... ?", "params": [...]}, ...]}
runs all statements in ONE transaction with bound parameters, and prints for each of them
  {"rows": [{"column": value, ...}, ...], "changes": N}
as one JSON list. On any error nothing is changed, the reason goes to standard error, and it exits 1.

The oldest Node.js that a box runs on has no SQLite of its own, but every release has Python's.
"""
import json
import os
import sqlite3
import sys
from urllib.parse import quote


def run(order):
    mode = "rwc" if order.get("create") else "rw"
    # isolation_level None: the transaction is ours alone, Python begins none by itself.
    db = sqlite3.connect(
        "file:" + quote(order["path"]) + "?mode=" + mode, uri=True, timeout=30, isolation_level=None
    )
    db.row_factory = sqlite3.Row
    db.execute("PRAGMA foreign_keys = ON")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("BEGIN IMMEDIATE")
    results = []
    for statement in order["statements"]:
        cursor = db.execute(statement["sql"], statement.get("params", []))
        rows = [dict(row) for row in cursor.fetchall()]
        results.append({"rows": rows, "changes": max(cursor.rowcount, 0)})
    db.execute("COMMIT")
    db.close()
    # The commit is the removal of the journal: a power cut must not bring the journal back.
    directory = os.open(os.path.dirname(order["path"]), os.O_RDONLY)
    os.fsync(directory)
    os.close(directory)
    return results


def main():
    try:
        # Bytes, not text: the locale at boot is no guide to the encoding.
        results = run(json.loads(sys.stdin.buffer.read().decode("utf-8")))
    except sqlite3.Error as error:
        sys.stderr.write("%s\n" % error)
        return 1
    json.dump(results, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
