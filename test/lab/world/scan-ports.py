"""Prints the TCP ports that take a connection, as JSON; all are asked at the same time.
usage: scan-ports.py HOST FIRST LAST"""

import errno
import json
import select
import socket
import sys
import time

host, first, last = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
# A firewall that drops gives no answer; the cable is short, so one that is coming comes at once.
PATIENCE = 3

poll = select.epoll()
asked = {}
for port in range(first, last + 1):
    attempt = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    attempt.setblocking(False)
    said = attempt.connect_ex((host, port))
    if said != errno.EINPROGRESS:
        raise OSError(said, f"port {port} can't be asked")
    asked[attempt.fileno()] = (port, attempt)
    poll.register(attempt, select.EPOLLOUT)

found = []
end = time.monotonic() + PATIENCE
while asked:
    left = end - time.monotonic()
    answers = poll.poll(max(left, 0))
    # What lies ready is looked at, however late this busy program is.
    if not answers and left <= 0:
        break
    for number, _ in answers:
        port, attempt = asked.pop(number)
        if attempt.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0:
            found.append(port)
        attempt.close()
print(json.dumps(sorted(found)))
