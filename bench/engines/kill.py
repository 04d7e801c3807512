"""Begins to index a mailbox again and again, and kills what does it with SIGKILL a little later each time.

usage: kill.py TIMES CONFIGURATION ACCOUNT NAME..., where each NAME is a process's command line to kill, in turn.
"""
import subprocess
import sys
import time

times, configuration, account, *names = sys.argv[1:]
for i in range(int(times)):
    index = subprocess.Popen(["doveadm", "-c", configuration, "index", "-u", account, "INBOX"], stderr=subprocess.DEVNULL)
    time.sleep(0.4 + 0.3 * i)
    if index.poll() is not None:
        break
    subprocess.run(["pkill", "-KILL", "-f", names[i % len(names)]])
    index.wait()
