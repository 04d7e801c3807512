"""Postfix's question (socketmap_table(5)) whether a name is an SRS address of this box that leads somewhere."""
# A domain that is nobody's (RFC 6761): Postfix hands what is for it to the door for returned mail.
RETURNS = "returns.invalid"
MOST_BYTES = 4096


def answer(request, host, srs):
    _, _, key = request.partition(" ")
    local, _, domain = key.rpartition("@")
    if domain.lower() != host.lower() or srs.reverse(local) is None:
        return "NOTFOUND "
    return "OK %s@%s" % (local, RETURNS)


def serve(stream, host, srs):
    """Netstrings, until the other side hangs up or says something else."""
    while True:
        digits = b""
        while not digits.endswith(b":"):
            byte = stream.read(1)
            if not byte or len(digits) > 5 or not (byte.isdigit() or (byte == b":" and digits)):
                return
            digits += byte
        length = int(digits[:-1].decode("ascii"))
        if length > MOST_BYTES:
            return
        text = stream.read(length + 1)
        if len(text) <= length or text[-1:] != b",":
            return
        said = answer(text[:-1].decode("latin-1"), host(), srs).encode("latin-1")
        stream.write(str(len(said)).encode("ascii") + b":" + said + b",")
        stream.flush()
