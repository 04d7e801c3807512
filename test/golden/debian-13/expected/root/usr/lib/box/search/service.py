"""Answers Dovecot's Solr client (the plugin fts_solr) from an index of its own: of Solr it has what that client asks.

usage: service.py FOLDER, with a listening socket of systemd's (sd_listen_fds(3)): it ends when nobody has asked for a while.
       service.py FOLDER PORT, which it listens to on loopback: it stays.
"""
import os
import socket
import sys
import threading
import time
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer
from socketserver import ThreadingMixIn
from urllib.parse import unquote_plus, urlsplit

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from client import NOTES_TOO_EARLY  # noqa: E402
from index import Index, Unknown, doubt, keep_accounts  # noqa: E402
from question import Bad, read, read_scope  # noqa: E402
from updates import Updates  # noqa: E402

FOLDER = sys.argv[1]
PORT = int(sys.argv[2]) if len(sys.argv) > 2 else None
IDLE_SECONDS = 300
MOST_CONNECTIONS = 48
# A transaction holds up whoever else writes about this account.
MOST_SECONDS = 0.5


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Of a client that says nothing any more, in seconds.
    timeout = 300
    disable_nagle_algorithm = True

    def log_request(self, *_):
        """Questions are private: only faults are told."""

    def answer(self, status, text=""):
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/xml; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def pieces(self):
        """The body of the request as it comes."""
        if "chunked" in self.headers.get("Transfer-Encoding", ""):
            while True:
                size = int(self.rfile.readline(64).split(b";")[0], 16)
                yield from self.bytes(size)
                self.rfile.readline(8)
                if size == 0:
                    return
        yield from self.bytes(int(self.headers.get("Content-Length", 0)))

    def bytes(self, left):
        while left > 0:
            piece = self.rfile.read(min(left, 65536))
            if not piece:
                raise ConnectionError("the request ended early")
            left -= len(piece)
            yield piece

    def asked(self):
        # Not parse_qs(): before Python 3.10 a semicolon, too, ends a value.
        pairs = (pair.partition("=") for pair in urlsplit(self.path).query.split("&"))
        return {name: unquote_plus(value) for name, _, value in pairs}

    def handle_one_request(self):
        try:
            super().handle_one_request()
        except (ConnectionError, BrokenPipeError):
            self.close_connection = True

    def do_GET(self):
        try:
            status, text = 200, select(self.asked())
        except Bad as error:
            self.log_error("no question of Dovecot's: %s", error)
            status, text = 400, ""
        except Unknown as error:
            self.log_error("not indexed: %s", error)
            status, text = 503, ""
        except Exception as error:
            self.log_error("%s: %s", type(error).__name__, error)
            status, text = 503, ""
        # Where it isn't 200, Dovecot reads the mails.
        self.answer(status, text)

    def do_POST(self):
        try:
            self.answer(200, ACTIONS[urlsplit(self.path).path.rsplit("/", 1)[-1]](self.asked(), self.pieces()))
        except Exception as error:
            # A mail may be half read: this connection is of no more use.
            self.close_connection = True
            self.log_error("%s: %s", type(error).__name__, error)
            self.answer(500)


def select(asked):
    question = asked.get("q", "")
    scope = read_scope(asked.get("fq") or question)
    with closing(Index(FOLDER, scope["user"])) as index:
        if "fq" in asked:
            found = index.search(scope["box"], read(question))
        else:
            found = [(guid, uid) for guid in scope["box"] for uid in [index.last_uid(guid)] if uid > 0]
    docs = (
        '<doc><str name="box">%s</str><long name="uid">%d</long><float name="score">1.0</float></doc>' % one for one in found
    )
    return '<?xml version="1.0" encoding="UTF-8"?><response><result>%s</result></response>' % "".join(docs)


def update(_, pieces):
    """Mails that are to be found from now on, and such as are gone. When it has answered, all of them are on the disk."""
    opened, began = {}, {}

    def index(account):
        if account not in opened:
            opened[account] = Index(FOLDER, account)
        if time.monotonic() - began.get(account, 0) > MOST_SECONDS:
            opened[account].commit()
            began[account] = time.monotonic()
        opened[account].begin()
        return opened[account]

    def remove(name):
        uid, box, account = name.split("/", 2)
        index(account).remove(box, int(uid))

    updates = Updates(lambda account, box, uid, fields: index(account).add(box, uid, fields), remove)
    try:
        for piece in pieces:
            updates.feed(piece)
        updates.feed(b"", True)
        for one in opened.values():
            one.commit()
    except Exception:
        if NOTES_TOO_EARLY:
            doubt(FOLDER, list(opened) or None)
        raise
    finally:
        for one in opened.values():
            one.close()
    return "<response/>"


def known(asked, pieces):
    """First whether all mails of the account are in its index, then `GUID UID` of each that is."""
    exhaust(pieces)
    with closing(Index(FOLDER, asked["account"])) as index:
        return ("new\n" if index.is_new() else "filled\n") + "".join("%s %d\n" % mail for mail in index.known())


def forget(asked, pieces):
    """`GUID UID` lines: mails that are no more."""
    lines = b"".join(pieces).decode("ascii").splitlines()
    with closing(Index(FOLDER, asked["account"])) as index:
        index.begin()
        for guid, uid in map(str.split, lines):
            index.remove(guid, int(uid))
        index.commit()
    return ""


def filled(asked, pieces):
    """All mails of the account are in its index."""
    exhaust(pieces)
    with closing(Index(FOLDER, asked["account"])) as index:
        index.is_filled()
    return ""


def accounts(_, pieces):
    """All accounts of the box, a line each."""
    keep_accounts(FOLDER, b"".join(pieces).decode().splitlines())
    return ""


ACTIONS = {"update": update, "known": known, "forget": forget, "filled": filled, "accounts": accounts}


def exhaust(pieces):
    for _ in pieces:
        pass


class Server(ThreadingMixIn, HTTPServer):
    timeout = IDLE_SECONDS
    daemon_threads = True
    idle = False
    free = threading.BoundedSemaphore(MOST_CONNECTIONS)

    def handle_timeout(self):
        self.idle = PORT is None and threading.active_count() == 1

    def process_request(self, request, client_address):
        self.free.acquire()
        super().process_request(request, client_address)

    def process_request_thread(self, request, client_address):
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.free.release()

    def handle_error(self, request, client_address):
        """One line, and nothing of a mail or a question."""
        sys.stderr.write("a conversation broke off: %s\n" % sys.exc_info()[0].__name__)


def listening():
    if PORT is None:
        # systemd's first socket.
        return socket.socket(socket.AF_INET, socket.SOCK_STREAM, fileno=3)
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", PORT))
    listener.listen(128)
    return listener


def main():
    os.makedirs(os.path.join(FOLDER, "new"), mode=0o700, exist_ok=True)
    if NOTES_TOO_EARLY:
        # Nobody knows what came while it did not run.
        doubt(FOLDER)
    threading.stack_size(1 << 20)
    server = Server(("127.0.0.1", 0), Handler, bind_and_activate=False)
    server.socket.close()
    server.socket = listening()
    server.server_name, server.server_port = server.socket.getsockname()
    while not server.idle:
        server.handle_request()


main()
