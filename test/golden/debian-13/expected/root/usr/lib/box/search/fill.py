"""Brings the index to what the mailboxes are: fills one that is new, forgets mails that are gone and accounts that were removed.

usage: fill.py PORT [OPTION-OF-DOVEADM...]. Root's reads the accounts and goes on as the mailboxes' user.
Dovecot notes by itself which mails it gave to the index; of an index that was lost it doesn't know.
"""
import http.client
import os
import pwd
import signal
import sqlite3
import subprocess
import sys
import time
from urllib.parse import quote

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from client import HANGS, NOTES_TOO_EARLY  # noqa: E402

# Seconds before each try: the index or Dovecot may just be starting.
WAITS = (0, 5, 30, 120)
DATABASE = "/home/user-data/mail/users.sqlite"
MARKS = "/home/user-data/mail/search/new"


def ask(action, text, account=""):
    connection = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=600)
    connection.request("POST", "/%s?account=%s" % (action, quote(account, safe="")), text)
    answer = connection.getresponse()
    said = answer.read()
    connection.close()
    if answer.status != 200:
        raise RuntimeError("%s: the index says %d" % (action, answer.status))
    return said


def doveadm(*argv):
    run = subprocess.Popen(["doveadm"] + sys.argv[2:] + list(argv), stdout=subprocess.PIPE)
    said = run.communicate()[0]
    if run.returncode != 0:
        raise RuntimeError("doveadm %s: exit status %d" % (argv[0], run.returncode))
    return said


def ask_known(account):
    state, *known = ask("known", b"", account).splitlines()
    return state, set(known)


def is_to_be_filled(account, state, mails, known):
    if not NOTES_TOO_EARLY:
        return state == b"new"
    # Dovecot may take any mail for indexed, so it is looked for. One that has just come is on its way.
    for seconds in WAITS[1:3] if known else ():
        if mails <= known:
            return False
        time.sleep(seconds)
        known = ask_known(account)[1]
    return not mails <= known


def bring_up(account):
    """`account` is an address of users.sqlite; a star in it would mean all accounts to doveadm."""
    if "*" in account or "?" in account:
        raise RuntimeError("doveadm can't be asked for it")
    # In this order: a mail that comes meanwhile is in the index and not yet in this list.
    state, known = ask_known(account)
    mails = set(doveadm("search", "-u", account, "all").splitlines())
    gone = known - mails
    if gone:
        ask("forget", b"\n".join(gone), account)
    if is_to_be_filled(account, state, mails, known):
        doveadm("fts", "rescan", "-u", account)
        doveadm("index", "-u", account, "*")
    if state == b"new":
        ask("filled", b"", account)


def is_brought_up(account):
    try:
        bring_up(account)
        return True
    except (OSError, RuntimeError, http.client.HTTPException) as error:
        sys.stderr.write("%s: %s\n" % (account, error))
        return False


def end_what_hangs():
    """Where an index is in doubt, the service was down, and whoever searches waits for a worker that waits for ever."""
    if not HANGS or os.getuid() != 0 or not os.path.isdir(MARKS) or not os.listdir(MARKS):
        return
    for process in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/comm" % process) as name:
                if name.read() == "indexer-worker\n":
                    os.kill(int(process), signal.SIGKILL)
        except OSError:
            pass


def become(name):
    if os.getuid() != 0:
        return
    user = pwd.getpwnam(name)
    os.setgroups([])
    os.setgid(user.pw_gid)
    os.setuid(user.pw_uid)


def main():
    database = sqlite3.connect("file:%s?mode=ro" % DATABASE, uri=True, timeout=30)
    accounts = [email for (email,) in database.execute("SELECT email FROM users ORDER BY email")]
    database.close()
    end_what_hangs()
    become("mail")
    ask("accounts", "\n".join(accounts).encode())
    # The mark that started this stays with what failed, and would start it again at once.
    for seconds in WAITS:
        time.sleep(seconds)
        accounts = [account for account in accounts if not is_brought_up(account)]
        if not accounts:
            return
    sys.exit(1)


main()
