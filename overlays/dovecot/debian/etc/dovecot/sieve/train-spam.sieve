# Somebody put a mail into Spam.
require ["vnd.dovecot.pipe", "copy", "imapsieve"];

pipe :copy "train" ["spam"];
