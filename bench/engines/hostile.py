"""Writes one mail that is made to cost much, of about so many MiB, to a file of a Maildir. usage: hostile.py KIND MIB FILE"""
import base64
import os
import random
import sys

kind, mib, path = sys.argv[1], int(sys.argv[2]), sys.argv[3]
source = random.Random(kind)
size = mib << 20
HEAD = "From: sender@outside.example\r\nSubject: hostile\r\nMIME-Version: 1.0\r\n"


def encoded(text):
    """One text without an end of line in it, as a mail may have it."""
    lines = base64.encodebytes(text.encode()).decode().replace("\n", "\r\n")
    return HEAD + "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" + lines


def letters(count, alphabet):
    return "".join(source.choices(alphabet, k=count))


def different_words():
    """Short lines, or no server would take them."""
    some = letters(size, "abcdefghijklmnopqrstuvwxyz")
    words, at = [], 0
    while at < size:
        length = source.randint(4, 12)
        words.append(some[at : at + length])
        at += length
    lines = [" ".join(words[at : at + 8]) for at in range(0, len(words), 8)]
    return HEAD + "Content-Type: text/plain\r\n\r\n" + "\r\n".join(lines) + "\r\n"


def deep():
    """A part in a part in a part: as many as fit into a thousandth of it, since each is looked for in each of the others."""
    count = size // 2000
    begin = "".join("Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (i, i) for i in range(count))
    return HEAD + begin + "Content-Type: text/plain\r\n\r\ndeepest\r\n" + "".join("--b%d--\r\n" % i for i in reversed(range(count)))


def many_parts():
    part = "--b\r\nContent-Type: text/html\r\n\r\n<p>%s</p>\r\n"
    return HEAD + "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + "".join(part % letters(60, "abcdefghij klmno") for _ in range(size // 120)) + "--b--\r\n"


KINDS = {
    "one word": lambda: encoded(letters(size * 3 // 4, "abcdefghijklmnopqrstuvwxyzäöü")),
    "Chinese without a mark": lambda: encoded(letters(size // 4, [chr(0x4E00 + i) for i in range(0x5000)])),
    "different words": different_words,
    "words of 49 letters": lambda: HEAD + "Content-Type: text/plain\r\n\r\n" + "\r\n".join(letters(49, "abcdefghijklmnopqrstuvwxyz") for _ in range(size // 51)) + "\r\n",
    "parts in parts": deep,
    "many parts": many_parts,
}
with open(path, "wb") as file:
    file.write(KINDS[kind]().encode())
os.chown(path, 8, 8)
