"""Runs a program to its end and notes what it took, also in those of its descendants that were never waited for.

usage: measure.py NOTES PROGRAM [ARGUMENT...]
Appends `processor SECONDS` to the file NOTES, whose path the program finds in LETTERBOX_NOTES. Exits as the program did.
A machine that a test switches off by force leaves processes without a parent: this one takes them in (prctl(2),
PR_SET_CHILD_SUBREAPER), and what they took is counted once they are waited for (getrusage(2), RUSAGE_CHILDREN).
"""

import ctypes
import os
import resource
import signal
import sys
import time

PR_SET_CHILD_SUBREAPER = 36
PATIENCE = 60

notes, *program = sys.argv[1:]
ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
# Ctrl-C is for the program; its end is this one's.
signal.signal(signal.SIGINT, signal.SIG_IGN)
environment = {**os.environ, "LETTERBOX_NOTES": notes}
main = os.posix_spawnp(program[0], program, environment, setsigdef=[signal.SIGINT])
pid, status = 0, 0
while pid != main:
    pid, status = os.wait()

end = time.monotonic() + PATIENCE
try:
    while time.monotonic() < end:
        if os.waitpid(-1, os.WNOHANG)[0] == 0:
            time.sleep(0.05)
    with open("/proc/thread-self/children", encoding="ascii") as file:
        print(f"still running {PATIENCE} s after the end of {program[-1]}: {file.read()}", file=sys.stderr)
except ChildProcessError:
    pass  # None is left.

usage = resource.getrusage(resource.RUSAGE_CHILDREN)
with open(notes, "a", encoding="ascii") as file:
    file.write(f"processor {usage.ru_utime + usage.ru_stime:.1f}\n")
code = os.waitstatus_to_exitcode(status)
sys.exit(code if code >= 0 else 128 - code)
