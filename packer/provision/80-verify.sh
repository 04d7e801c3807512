#!/bin/sh
# Every daemon checks its own configuration. The first that doesn't like it fails the bake, in its own words.
set -eu
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

# Some daemons want to see a certificate and the accounts. Both are thrown away again, whatever comes.
throw_away() {
    umount /home/user-data/ssl 2>/dev/null || true
    rm -rf /home/user-data/ssl /home/user-data/mail "$said"
}
said=$(mktemp)
if [ -e /home/user-data/ssl ] || [ -e /home/user-data/mail ]; then fail 'verify: the storage root is not empty'; fi
trap throw_away EXIT
# /run/sshd: ssh's own unit makes it.
mkdir -p /home/user-data/ssl /home/user-data/mail /run/box /run/sshd
# In memory: a deleted file leaves its blocks, and a disk file keeps what lies in a cluster that is still in use.
mount -t tmpfs -o mode=0700,size=1m tmpfs /home/user-data/ssl
(umask 077 && openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=verify \
    -keyout /home/user-data/ssl/ssl_private_key.pem -out /home/user-data/ssl/ssl_certificate.pem 2>"$said") ||
    fail "verify: no certificate to try with: $(cat "$said")"

tab=$(printf '\t')
failed=0
while IFS= read -r line; do
    role=${line%%"$tab"*}
    command=${line#*"$tab"}
    # Split at the tabs and nowhere else.
    old_ifs=$IFS
    IFS=$tab
    set -f
    # shellcheck disable=SC2086
    set -- $command
    set +f
    IFS=$old_ifs
    if ! "$@" >"$said" 2>&1 </dev/null; then
        failed=1
        say "role $role: $* failed" >&2
        sed 's/^/    /' "$said" >&2
    fi
done <"$bake/verify.txt"
[ "$failed" = 0 ] || exit 1

# A file that anyone may change is a way in.
find / -xdev \( -path /proc -o -path /sys -o -path /tmp -o -path /var/tmp \) -prune -o \
    -type f -perm -0002 -print >"$said"
if [ -s "$said" ]; then fail "verify: anyone may write to $(head -n 5 "$said" | tr '\n' ' ')"; fi

# A folder that anyone may write to needs the sticky bit.
find / -xdev \( -path /proc -o -path /sys \) -prune -o -type d -perm -0002 ! -perm -1000 -print >"$said"
if [ -s "$said" ]; then fail "verify: anyone may delete in $(head -n 5 "$said" | tr '\n' ' ')"; fi

say "verify: $(wc -l <"$bake/verify.txt") checks passed"
