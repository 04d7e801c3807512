#!/usr/bin/env python3
"""Runs SQL statements on one SQLite file, for the box program (box/mail/database.ts).

Reads JSON on standard input, a line each:
  {"path": "...", "create": false, "statements": [{"sql": "... ?", "params": [...]}, ...]}
runs all statements of a line in ONE transaction with bound parameters, and answers with a line
  {"results": [{"rows": [{"column": value, ...}, ...], "changes": N}, ...]}
On any error nothing is changed, and the answer is {"error": "..."}. It keeps no file open between two lines.

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
    try:
        return execute(db, order)
    finally:
        # What is not committed is rolled back.
        db.close()


def execute(db, order):
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
    # What was only read is read from a disk too that the kernel made read-only.
    if all(statement["sql"].lstrip().upper().startswith("SELECT") for statement in order["statements"]):
        return results
    # The commit is the removal of the journal: a power cut must not bring the journal back.
    directory = os.open(os.path.dirname(order["path"]), os.O_RDONLY)
    os.fsync(directory)
    os.close(directory)
    return results


def main():
    # Bytes, not text: the locale at boot is no guide to the encoding. readline: a loop over the file would read ahead.
    for line in iter(sys.stdin.buffer.readline, b""):
        try:
            answer = {"results": run(json.loads(line.decode("utf-8")))}
        except (sqlite3.Error, OSError) as error:
            answer = {"error": str(error)}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
