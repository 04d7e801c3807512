"""Holds many TCP connections open, as one who would take a door for himself.

usage: hold-connections.py HOST PORT COUNT WORDS SOURCE...
Opens COUNT connections from the source addresses in turn, says WORDS on each (as HTTP or a mail server would see it, half
said), and prints how many were let in. For each line on stdin it prints how many of them still live; ends with stdin.
"""

import select
import socket
import sys
import time

host, port, count, words, *sources = sys.argv[1:]
family = socket.AF_INET6 if ":" in host else socket.AF_INET
waiting = {}
for i in range(int(count)):
    one = socket.socket(family, socket.SOCK_STREAM)
    one.setblocking(False)
    one.bind((sources[i % len(sources)], 0))
    one.connect_ex((host, int(port)))
    waiting[one.fileno()] = one

held = []
poll = select.poll()
for number in waiting:
    poll.register(number, select.POLLOUT)
end = time.monotonic() + 10
while waiting and time.monotonic() < end:
    for number, _ in poll.poll(500):
        poll.unregister(number)
        one = waiting.pop(number)
        if one.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0:
            held.append(one)


def lives(one):
    """Whether the other side has not hung up; what it said is read away."""
    try:
        while one.recv(65536):
            pass
        return False
    except BlockingIOError:
        return True
    except OSError:
        return False


for one in held:
    try:
        one.send(words.encode())
    except OSError:
        pass
print(len(held), flush=True)
for _ in sys.stdin:
    held = [one for one in held if lives(one)]
    print(len(held), flush=True)
