"""Writes a mailbox to search in, and questions whose answers lie in it.

usage: corpus.py MAILS QUESTIONS_OF_EACH_KIND TEXTS QUESTIONS MAILDIR...
German compounds, Chinese without blanks, words of hundreds of letters, HTML, attachments; every mailbox gets the same
mails. TEXTS takes what stands in each mail, by its subject; QUESTIONS takes [kind, key, text] for every question.
"""
import json
import os
import random
import sys
from email.message import EmailMessage
from email.policy import SMTP
from itertools import accumulate

count, each, texts_file, questions_file, *mailboxes = sys.argv[1:]
source = random.Random(4711)

STEMS = """steuer erklärung einkommen donau dampf schiff fahrt gesellschaft kapitän haus tür schlüssel übergabe straße brücken
bau vor haben genehmigung verfahren größe ordnung recht schutz versicherung pflicht kranken kasse bei trag rück zahlung über
weisung auftrag bestätigung liefer termin verschiebung gemüse garten zaun pfahl wärme pumpe anlage jahr abschluss prüfung
wirtschaft rechnung betrag grund stück verkehr genehmigt bürger meister amt öffnung zeiten kühl schrank müll abfuhr kalender
blatt werk zeug kasten schluss folgerung fähig keit arbeit geber verband vertreter wahl kreis lauf bahn hof uhr macher""".split()
SMALL = "und der die das mit für nicht auf ein eine ist von zu im am wir sie ich bitte noch heute morgen gruß danke zoë".split()
MARKS = "，。！？；："


def rare_first(number, before=()):
    """Weights, summed up, of which each is less than the last, as words have them in a language."""
    return list(accumulate([*before, *(1 / (i + 1) for i in range(number))]))


COMPOUNDS = ["".join(source.choices(STEMS, k=source.randint(2, 5))).capitalize() for _ in range(9000)]
FOREIGN = ["".join(source.choices("etaoinshrdlucmwfgypbvkjxqz", k=source.randint(3, 11))) for _ in range(9000)]
CHINESE = [chr(0x4E00 + i) for i in source.sample(range(0x51A0), 3500)]
WORDS = SMALL + COMPOUNDS
WEIGHTS = rare_first(len(COMPOUNDS), [0.3] * len(SMALL))
FOREIGN_WEIGHTS, CHINESE_WEIGHTS = rare_first(len(FOREIGN)), rare_first(len(CHINESE))


def german():
    return source.choices(WORDS, cum_weights=WEIGHTS)[0]


def foreign():
    return source.choices(FOREIGN, cum_weights=FOREIGN_WEIGHTS)[0]


def chinese():
    """Mostly a clause; one in ten is by somebody who writes no marks."""
    length = source.randint(80, 200) if source.random() < 0.1 else source.randint(6, 40)
    return "".join(source.choices(CHINESE, cum_weights=CHINESE_WEIGHTS, k=length)) + source.choice(MARKS)


def long_word():
    return "".join(source.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=source.randint(45, 400)))


def number():
    return "%d-%04d/%02d" % (source.randint(2019, 2026), source.randint(0, 9999), source.randint(1, 12))


def address():
    return "%s.%s@%s.example" % (foreign(), foreign(), foreign())


def lines_of(words):
    return [" ".join(words[at : at + 9]) for at in range(0, len(words), 9)]


def body(kind):
    words = [{"german": german, "chinese": chinese, "foreign": foreign}[kind]() for _ in range(source.randint(6, 30) if kind == "chinese" else source.randint(20, 500))]
    if source.random() < 0.3:
        words.insert(source.randrange(len(words)), number())
    if source.random() < 0.3:
        words.insert(source.randrange(len(words)), address())
    if source.random() < 0.15:
        words.insert(source.randrange(len(words)), long_word())
    return lines_of(words)


def mail(i):
    """A mail, and its lines of text by where they stand."""
    kind = source.choices(["german", "chinese", "foreign"], [5, 3, 3])[0]
    title = chinese()[:24] if kind == "chinese" else " ".join([german(), foreign(), german()])
    lines = {"subject": ["%s #%05d" % (title, i)], "body": body(kind)}
    message = EmailMessage(policy=SMTP)
    message["From"] = "%s <%s>" % (german(), address())
    message["To"] = "me@example.com"
    message["Subject"] = lines["subject"][0]
    message["Message-ID"] = "<%d@bench.example>" % i
    message.set_content("\n".join(lines["body"]) + "\n", cte=source.choice(["quoted-printable", "base64", "8bit"]) if kind != "foreign" else None)
    if source.random() < 0.25:
        html = "<html><style>p{color:red}</style><body>%s</body></html>" % "".join("<p>%s</p>\n" % line for line in lines["body"])
        message.add_alternative(html, subtype="html", cte="quoted-printable")
    if source.random() < 0.06:
        lines["attached"] = lines_of([german() for _ in range(source.randint(500, 3000))])
        message.add_attachment("\n".join(lines["attached"]), filename="bericht.txt", cte="base64")
    if source.random() < 0.06:
        message.add_attachment(source.randbytes(source.randint(20_000, 200_000)), maintype="application", subtype="pdf", filename="scan.pdf")
    return message.as_bytes(), kind, lines


def part(word, at, length):
    """`length` characters of a word: of its beginning, its end, or between, with at least two before and behind it."""
    if at == "begin":
        return word[:length]
    if at == "end":
        return word[-length:]
    start = source.randint(2, len(word) - length - 2)
    return word[start : start + length]


def words_of(lines, fits):
    return [word for line in lines for word in line.split(" ") if fits(word)]


def compound(word):
    return word.isalpha() and word.isascii() is False and len(word) >= 14 and word[0] < "\u00ff" and "ß" not in word


def plain_compound(word):
    return word.isalpha() and word.isascii() and len(word) >= 14 and word[0].isupper()


def run(word):
    return len(word) >= 15 and "\u4e00" <= word[0] <= "\u9fff"


def is_long(word):
    return word.isascii() and word.isalnum() and len(word) > 60


def two(lines, cut):
    """Two words that stand side by side: whole, or the end of one and the beginning of the other."""
    pairs = [(a, b) for line in lines for a, b in zip(line.split(" "), line.split(" ")[1:]) if a.isalpha() and b.isalpha() and len(a) > 4 and len(b) > 4]
    return ["%s %s" % ((a[-3:], b[:3]) if cut else (a, b)) for a, b in pairs]


def parts(place, fits, at, shortest, longest, change=str):
    return lambda lines: [change(part(word, at, source.randint(shortest, longest))) for word in words_of(lines.get(place, []), fits)]


KINDS = {
    "German: beginning of a word": ("BODY", parts("body", plain_compound, "begin", 5, 9)),
    "German: middle of a word": ("BODY", parts("body", plain_compound, "middle", 4, 8)),
    "German: end of a word": ("BODY", parts("body", plain_compound, "end", 5, 9)),
    "German: with an umlaut": ("BODY", lambda lines: [piece for piece in parts("body", compound, "middle", 5, 9)(lines) if not piece.isascii()]),
    "German: another case": ("BODY", parts("body", plain_compound, "middle", 5, 8, str.upper)),
    "Chinese: one character": ("BODY", parts("body", run, "middle", 1, 1)),
    "Chinese: two": ("BODY", parts("body", run, "middle", 2, 2)),
    "Chinese: three": ("BODY", parts("body", run, "middle", 3, 3)),
    "Chinese: six": ("BODY", parts("body", run, "middle", 6, 6)),
    "a long word: its beginning": ("BODY", parts("body", is_long, "begin", 8, 16)),
    "a long word: within": ("BODY", parts("body", is_long, "middle", 6, 12)),
    "a long word: its end": ("BODY", parts("body", is_long, "end", 6, 12)),
    "two words": ("BODY", lambda lines: two(lines["body"], False)),
    "across a blank": ("BODY", lambda lines: two(lines["body"], True)),
    "a number with marks": ("BODY", lambda lines: [word[2:9] for word in words_of(lines["body"], lambda word: word[:4].isdigit() and "/" in word)]),
    "part of an address": ("BODY", lambda lines: [word[len(word) // 3 : -4] for word in words_of(lines["body"], lambda word: "@" in word)]),
    "in an attachment": ("BODY", parts("attached", plain_compound, "middle", 5, 9)),
    "Subject: middle of a word": ("SUBJECT", parts("subject", plain_compound, "middle", 4, 8)),
    "Subject: Chinese, two": ("SUBJECT", parts("subject", run, "middle", 2, 2)),
    "anywhere: middle of a word": ("TEXT", parts("body", plain_compound, "middle", 4, 8)),
    "in no mail": ("BODY", lambda lines: ["".join(source.choices("qxzjvw", k=6))]),
}

# Its own, so that the mails are those of earlier runs.
names = random.Random(2)
texts, all_lines = {}, []
for i in range(int(count)):
    raw, kind, lines = mail(i)
    all_lines.append(lines)
    texts["#%05d" % i] = lines
    for mailbox in mailboxes:
        # As Dovecot names them: a mailbox of shorter names, which its hash takes for the same, is read in the square of its size.
        size = len(raw)
        name = (1700000000 + i, names.randrange(1000000), names.randrange(32768), size, size + raw.count(b"\n"))
        with open("%s/new/%d.M%dP%d.box,S=%d,W=%d" % (mailbox, *name), "wb") as file:
            file.write(raw)
        os.chown(file.name, 8, 8)

questions = []
for title, (key, pieces) in KINDS.items():
    asked = set()
    for _ in range(100_000):
        found = pieces(source.choice(all_lines))
        if found:
            asked.add(source.choice(found))
        if len(asked) == int(each):
            break
    questions += [[title, key, text] for text in sorted(asked)]
with open(texts_file, "w") as file:
    json.dump(texts, file)
with open(questions_file, "w") as file:
    json.dump(questions, file)
