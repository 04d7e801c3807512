#!/usr/bin/env python3
"""Copies the storage root to a folder of its own, so that it can be had back as it is: copy-state.py SOURCE TARGET.

A mail is never written to again, and gets a second name: no room, no time. All else is copied, since daemons write into
their files. What is not copied: the paths of EXCEPT, sockets, and what lies on another file system. The target must not
be there; it is whole, and on the disk, when this ends with 0. It ends with 75 where there is not enough room, which is
looked at first, and says so on standard error.

Nothing may run that writes there.
"""
import os
import re
import shutil
import stat
import sys

# Of no use in a copy: the copies themselves; an index that is made of the mails; mail that waits, which must be in one place only.
EXCEPT = ("backup", "lost+found", "mail/search", "mail/queue")
# A mail in a Maildir, whatever folders it is in.
MAIL = re.compile(r"mail/mailboxes/.+/(?:cur|new)/[^/]+$")
# What is left for others.
RESERVE = 64 * 1024 * 1024
EX_TEMPFAIL = 75


def entries(source):
    """Each path below the source with what lstat(2) says of it; a folder comes before what is in it."""
    device = os.lstat(source).st_dev
    waiting = [""]
    while waiting:
        path = waiting.pop()
        status = os.lstat(os.path.join(source, path))
        if status.st_dev != device or path in EXCEPT:
            continue
        yield path, status
        if stat.S_ISDIR(status.st_mode):
            waiting += sorted(os.path.join(path, name) for name in os.listdir(os.path.join(source, path)))


def is_linked(path, status):
    return stat.S_ISREG(status.st_mode) and MAIL.match(path) is not None


def needed(source):
    """Bytes, and a block for each name."""
    room = 0
    for path, status in entries(source):
        room += 4096
        if stat.S_ISREG(status.st_mode) and not is_linked(path, status):
            room += status.st_size
    return room


def own(place, status):
    os.chown(place, status.st_uid, status.st_gid, follow_symlinks=False)


def copy(source, target):
    folders = []
    for path, status in entries(source):
        old, new = os.path.join(source, path), os.path.join(target, path)
        if stat.S_ISDIR(status.st_mode):
            os.mkdir(new, 0o700)
            folders.append((new, status))
        elif stat.S_ISLNK(status.st_mode):
            os.symlink(os.readlink(old), new)
            own(new, status)
        elif is_linked(path, status):
            os.link(old, new, follow_symlinks=False)
        elif stat.S_ISREG(status.st_mode):
            shutil.copyfile(old, new, follow_symlinks=False)
            own(new, status)
            os.chmod(new, stat.S_IMODE(status.st_mode))
            os.utime(new, ns=(status.st_atime_ns, status.st_mtime_ns))
    # The innermost first: to write in one changes its time.
    for new, status in reversed(folders):
        own(new, status)
        os.chmod(new, stat.S_IMODE(status.st_mode))
        os.utime(new, ns=(status.st_atime_ns, status.st_mtime_ns))


def main():
    source, target = sys.argv[1:]
    room = needed(source)
    disk = os.statvfs(source)
    free = disk.f_bavail * disk.f_frsize
    if free < room + RESERVE:
        sys.stderr.write("%d MiB are needed, and %d free\n" % ((room + RESERVE) >> 20, free >> 20))
        return EX_TEMPFAIL
    copy(source, target)
    os.sync()
    return 0


if __name__ == "__main__":
    sys.exit(main())
