"""Says who may send as whom, as a milter of Postfix's, and rewrites the envelope of what is only passed on.

usage: service.py MILTER-PORT LOOKUP-PORT DATABASE SECRET strict|domain RECIPIENTS-PER-HOUR, both ports on loopback.
"""
import os
import socket
import socketserver
import sys
import threading

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import lookup  # noqa: E402
import wire  # noqa: E402
from alignment import Organizations  # noqa: E402
from forwarded import Forwarded  # noqa: E402
from pace import Pace  # noqa: E402
from returned import Returned  # noqa: E402
from rights import Rights  # noqa: E402
from srs import Srs  # noqa: E402
from submitted import Submitted  # noqa: E402

MOST_CONNECTIONS = 200
# Postfix keeps a conversation for as long as its client's session lasts.
IDLE_SECONDS = 900


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128
    free = threading.BoundedSemaphore(MOST_CONNECTIONS)

    def __init__(self, port, speak):
        self.speak = speak
        super().__init__(("127.0.0.1", port), Handler)

    def process_request(self, request, client_address):
        self.free.acquire()
        super().process_request(request, client_address)

    def process_request_thread(self, request, client_address):
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.free.release()

    def handle_error(self, request, client_address):
        """One line, and nothing of a mail: this conversation is over, the others go on."""
        kind, error, _ = sys.exc_info()
        if not issubclass(kind, (ConnectionError, socket.timeout)):
            print("%s: %s" % (kind.__name__, str(error)[:200]), file=sys.stderr)


class Handler(socketserver.StreamRequestHandler):
    timeout = IDLE_SECONDS
    wbufsize = -1
    disable_nagle_algorithm = True

    def handle(self):
        self.server.speak(Stream(self.rfile, self.wfile))


class Stream:
    def __init__(self, rfile, wfile):
        self.read, self.write, self.flush = rfile.read, wfile.write, wfile.flush


def main():
    milter_port, lookup_port, database, secret, rule, most = sys.argv[1:]
    pace = Pace(int(most))
    with open(secret, "rb") as file:
        srs = Srs(file.read().strip())
    rights, organizations, host = Rights(database, rule == "domain"), Organizations(), socket.gethostname

    def make_mail(daemon):
        if daemon == "forwarded":
            return Forwarded(host(), rights, srs, organizations)
        if daemon == "returned":
            return Returned(host(), rights, srs)
        return Submitted(rights, pace, daemon == "automatic")

    lookups = Server(int(lookup_port), lambda stream: lookup.serve(stream, host, srs))
    threading.Thread(target=lookups.serve_forever, daemon=True).start()
    Server(int(milter_port), lambda stream: wire.converse(stream, make_mail)).serve_forever()


main()
