#!/bin/sh
# Every daemon checks its own configuration. The first that doesn't like it fails the bake, in its own words.
set -eu
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

# Some daemons want to see a certificate and the accounts. Both are thrown away again, whatever comes.
throw_away() {
    umount /home/user-data/ssl 2>/dev/null || true
    rm -rf /home/user-data/ssl /home/user-data/mail "$said" "$said".*
    [ -z "$host_key" ] || rm -f "$host_key" "$host_key.pub"
}
host_key=''
said=$(mktemp)
if [ -e /home/user-data/ssl ] || [ -e /home/user-data/mail ]; then fail 'verify: the storage root is not empty'; fi
trap throw_away EXIT
# Folders that the boot would have made, if there was none; /run/sshd is made by ssh's own unit.
is_booted || systemd-tmpfiles --create --prefix=/run || fail 'verify: no folders in /run'
mkdir -p /home/user-data/ssl /home/user-data/mail/queue /run/box /run/sshd
# sshd checks nothing without a key of its own. A boot has made some, and then ssh-keygen would ask a question.
if [ -z "$(find /etc/ssh -name 'ssh_host_*_key')" ]; then
    host_key=/etc/ssh/ssh_host_ed25519_key
    ssh-keygen -q -t ed25519 -N '' -f "$host_key" </dev/null
fi
# In memory: a deleted file leaves its blocks, and a disk file keeps what lies in a cluster that is still in use.
mount -t tmpfs -o mode=0700,size=1m tmpfs /home/user-data/ssl
(umask 077 && openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=verify \
    -keyout /home/user-data/ssl/ssl_private_key.pem -out /home/user-data/ssl/ssl_certificate.pem 2>"$said") ||
    fail "verify: no certificate to try with: $(cat "$said")"

tab=$(printf '\t')
# Runs the check of one line. Its words go to $said.NUMBER; if it fails, what failed to $said.NUMBER.failed.
check() { # NUMBER LINE
    role=${2%%"$tab"*}
    command=${2#*"$tab"}
    # Split at the tabs and nowhere else.
    IFS=$tab
    set -f
    # shellcheck disable=SC2086
    set -- "$1" $command
    set +f
    number=$1
    shift
    IFS=' '
    "$@" >"$said.$number" 2>&1 </dev/null || echo "role $role: $* failed" >"$said.$number.failed"
}

# Two at a time: each is one program on one processor.
count=0
while IFS= read -r line; do
    count=$((count + 1))
    check "$count" "$line" &
    [ $((count % 2)) = 1 ] || wait
done <"$bake/verify.txt"
wait
failed=0
for number in $(seq "$count"); do
    [ -e "$said.$number.failed" ] || continue
    failed=1
    say "$(cat "$said.$number.failed")" >&2
    sed 's/^/    /' "$said.$number" >&2
done
[ "$failed" = 0 ] || exit 1

# A file that anyone may change is a way in.
find / -xdev \( -path /proc -o -path /sys -o -path /tmp -o -path /var/tmp \) -prune -o \
    -type f -perm -0002 -print >"$said"
if [ -s "$said" ]; then fail "verify: anyone may write to $(head -n 5 "$said" | tr '\n' ' ')"; fi

# A folder that anyone may write to needs the sticky bit.
find / -xdev \( -path /proc -o -path /sys \) -prune -o -type d -perm -0002 ! -perm -1000 -print >"$said"
if [ -s "$said" ]; then fail "verify: anyone may delete in $(head -n 5 "$said" | tr '\n' ' ')"; fi

say "verify: $count checks passed"
