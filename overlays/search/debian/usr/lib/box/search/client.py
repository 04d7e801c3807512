"""What the release's Dovecot does as a client of Solr's (2.3.19, 2.4.1)."""

# Header texts come with &, < and > escaped once more than XML asks for.
ESCAPES_HEADERS_TWICE = False
# It notes mails as indexed before it knows that they are.
NOTES_TOO_EARLY = False
# Its indexer hangs for good where it found nobody to post to.
HANGS = False
