"""What is compared with what: text of mails and of questions, made alike."""
import unicodedata

# Of one mail's text. What stands further behind is not found; half a million characters are a thick book.
MOST_CHARACTERS = 1 << 19
# Of a header, and of all headers together.
MOST_OF_HEADERS = 1 << 16


def alike(text):
    """Without difference of case, of marks on letters and of kinds of white space: Müller is MULLER is müller."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())
