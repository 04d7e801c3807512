#!/usr/bin/python3
"""Puts one folder in the place of another in a single step: exchange.py NEW PLACE. What was there is then at NEW."""
import ctypes
import errno
import os
import sys

RENAME_EXCHANGE = 2
AT_FDCWD = -100
SYS_RENAMEAT2 = 316  # x86-64


def exchange(new, place):
    libc = ctypes.CDLL(None, use_errno=True)
    arguments = (AT_FDCWD, os.fsencode(new), AT_FDCWD, os.fsencode(place), RENAME_EXCHANGE)
    if libc.syscall(SYS_RENAMEAT2, *arguments) == 0:
        return
    code = ctypes.get_errno()
    if code not in (errno.ENOSYS, errno.EINVAL):
        raise OSError(code, os.strerror(code))
    # A kernel before 3.15, or a file system that can't: two steps, and for a moment there is nothing.
    aside = new + '.old'
    os.rename(place, aside)
    os.rename(new, place)
    os.rename(aside, new)


def main():
    new, place = sys.argv[1:]
    if os.path.isdir(place):
        exchange(new, place)
    else:
        os.rename(new, place)
    folder = os.open(os.path.dirname(place), os.O_RDONLY)
    os.fsync(folder)


main()
