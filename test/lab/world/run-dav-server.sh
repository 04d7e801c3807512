#!/bin/sh
# usage: run-dav-server.sh TREE. In namespaces of its own, which end with it: Dovecot, the DAV server, and dav-server.php's questions.
set -eu
tree=$1
ip link set lo up
mount -t proc proc "$tree/proc"
mount -t tmpfs tmpfs "$tree/dev"
for node in 'null 3' 'random 8' 'urandom 9'; do
    # shellcheck disable=SC2086 # a name and a number
    set -- $node
    mknod -m 0666 "$tree/dev/$1" c 1 "$2"
done
in_tree() { chroot "$tree" env PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"; }
in_tree dovecot -c /etc/dovecot/test.conf
as_groupware() { in_tree setpriv --reuid=box-groupware --regid=box-groupware --groups=box-accounts "$@"; }
as_groupware php7.4 -S 127.0.0.1:8081 /usr/share/box/groupware/dav.php >/dev/null 2>"$tree/tmp/php.log" &
for _ in $(seq 100); do
    ! [ "$(ss -Hltn 'sport = 10143 or sport = 8081' | wc -l)" = 2 ] || break
    sleep 0.1
done
as_groupware php7.4 /tmp/dav-server.php
cp "$tree/tmp/dovecot.log" "$tree/tmp/last.log"
