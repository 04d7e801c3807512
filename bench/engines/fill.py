"""Has Dovecot index a mailbox, and says what that took. usage: fill.py SERVICE LIMIT_MIB CONFIGURATION ACCOUNT

SERVICE is a unit that does a part of the work, or empty; LIMIT_MIB bounds the addresses of doveadm, 0 for none. Prints JSON:
how it ended, seconds, seconds of processor and MiB at the most, of both, and doveadm's complaints.
"""
import json
import resource
import subprocess
import sys
import time

service, limit, configuration, account = sys.argv[1:]
PATIENCE = 300


def of_service():
    """Seconds of processor, and MiB at the most."""
    if not service:
        return 0, 0
    pid = subprocess.run(["systemctl", "show", "--property=MainPID", "--value", service], stdout=subprocess.PIPE, text=True).stdout.strip()
    if pid in ("", "0"):
        return 0, 0
    fields = open("/proc/%s/stat" % pid).read().rpartition(") ")[2].split()
    peak = next(int(line.split()[1]) for line in open("/proc/%s/status" % pid) if line.startswith("VmHWM"))
    return (int(fields[11]) + int(fields[12])) / 100, peak / 1024


def bound():
    if int(limit):
        resource.setrlimit(resource.RLIMIT_AS, (int(limit) << 20, int(limit) << 20))


before, _ = of_service()
began = time.monotonic()
command = ["doveadm", "-c", configuration, "index", "-u", account, "INBOX"]
try:
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, preexec_fn=bound, timeout=PATIENCE)
    code, said = done.returncode, done.stdout
except subprocess.TimeoutExpired:
    code, said = None, "not through after %d s" % PATIENCE
seconds = time.monotonic() - began
after, peak = of_service()
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
print(
    json.dumps(
        {
            "code": code,
            "seconds": seconds,
            "processor": usage.ru_utime + usage.ru_stime + max(0, after - before),
            "mib": usage.ru_maxrss / 1024,
            "serviceMib": peak,
            "said": said.strip()[:600],
        }
    )
)
