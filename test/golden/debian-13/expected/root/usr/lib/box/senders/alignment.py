"""Whether DMARC (RFC 7489, section 3.1) would count what this box says of itself as said by a mail's author."""
import re

from authors import Unclear, addresses

SUFFIXES = "/usr/share/publicsuffix/public_suffix_list.dat"


class Organizations:
    """Which name of a domain is its organization's, by the public suffix list where there is one."""

    def __init__(self, path=SUFFIXES):
        self.suffixes = set()
        try:
            with open(path, encoding="utf-8") as lines:
                rules = (line.split("//")[0].strip() for line in lines)
                # With the lengths alone that a registry sells below; wildcards and exceptions are rare.
                self.suffixes = {rule for rule in rules if rule and not rule.startswith(("!", "*"))}
        except OSError:
            pass

    def of(self, domain):
        labels = domain.lower().rstrip(".").split(".")
        for at in range(1, len(labels)):
            if self.is_suffix(labels[at:]):
                return ".".join(labels[at - 1 :])
        return ".".join(labels)

    def is_suffix(self, labels):
        if self.suffixes:
            return ".".join(labels) in self.suffixes or len(labels) == 1
        return len(labels) == 1 or (len(labels) == 2 and len(labels[0]) <= 3 and len(labels[1]) == 2)


def author_domains(values):
    """Domains of the From: fields; None where they can't be read."""
    try:
        return {address.rsplit("@", 1)[1].lower() for value in values for address in addresses(value)}
    except Unclear:
        return None


def results(values, host):
    """`method=result ...` of each Authentication-Results field that this box wrote, comments and quotes gone, in order."""
    for value in values:
        text = re.sub(r"\([^()]*\)|\"[^\"]*\"", " ", value)
        name, *found = text.split(";")
        yield [one.strip().lower() for one in found] if name.strip().lower() == host.lower() else []


def verified(domain, values, host, organizations):
    """Whether the author's domain stands behind the mail: by a signature that holds now, or by DMARC when it came in."""
    organization = organizations.of(domain)
    for at, found in enumerate(results(values, host)):
        for one in found:
            # The topmost is the verdict of a moment ago; the others are from the door that the mail came in by.
            if at == 0 and re.match(r"dkim\s*=\s*pass\b", one):
                signer = re.search(r"\sheader\.d=([a-z0-9.-]+)", one)
                if signer and organizations.of(signer.group(1)) == organization:
                    return True
            if re.match(r"dmarc\s*=\s*pass\b", one):
                author = re.search(r"\sheader\.from=([a-z0-9.-]+)", one)
                if author and author.group(1) == domain:
                    return True
    return False
