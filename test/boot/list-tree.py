#!/usr/bin/env python3
"""Prints a file tree, an object of JSON a line: path, type and mode, owner, extended attributes, and what is in it.

usage: list-tree.py ROOT [PATH...]. Of a link where it leads, of a file its digest; of the PATHs all that they hold, as latin-1.
"""
import hashlib
import json
import os
import stat
import sys

root, *whole = sys.argv[1:]


def content(path, status):
    if stat.S_ISLNK(status.st_mode):
        return os.readlink(path)
    if not stat.S_ISREG(status.st_mode):
        return ""
    with open(path, "rb") as file:
        data = file.read()
    return data.decode("latin-1") if path[len(root):] in whole else hashlib.sha256(data).hexdigest()


for folder, folders, files in os.walk(root):
    for path in (os.path.join(folder, name) for name in [*folders, *files]):
        status = os.lstat(path)
        names = sorted(os.listxattr(path, follow_symlinks=False))
        attributes = [f"{name}={os.getxattr(path, name, follow_symlinks=False).hex()}" for name in names]
        print(json.dumps({
            "path": path[len(root):],
            "kind": " ".join([stat.filemode(status.st_mode), f"{status.st_uid}:{status.st_gid}", *attributes]),
            "content": content(path, status),
        }))
