#!/bin/sh
# Runs a command in a root file system as on a machine that is off: the kernel's file systems are there, and no service,
# no network and nothing of this machine. Wants namespaces of its own for mounts, processes, network and host name
# (builder/bake/namespace.ts): they take every mount and every process along when they end, however that is.
#
#   inside.sh PLACE FROM TO SCRIPTS COMMAND...
#   PLACE    an empty folder, where the tree lies meanwhile
#   FROM     the root file system, a tar archive
#   TO       the same afterwards, whether the command failed or not; "" where nothing is to be kept
#   SCRIPTS  a folder that lies at /root/bake inside; "" where there is none
set -eu
umask 022 # not that of whoever builds
PATH=$PATH:/usr/sbin:/sbin # an ordinary user has no way there
tree=$1 from=$2 to=$3 scripts=$4
shift 4

# shellcheck source=base/unpack.sh
. "${0%/*}/unpack.sh"
empty_place "$tree"
unpack "$from" "$tree"

mount -t proc proc "$tree/proc"
mount -t sysfs -o ro sys "$tree/sys" 2>/dev/null || mount --rbind /sys "$tree/sys"
mount -t tmpfs -o mode=0755 run "$tree/run"
mount -t tmpfs -o mode=1777 tmp "$tree/tmp"
mount -t tmpfs -o mode=0755 dev "$tree/dev"
mkdir "$tree/dev/pts" "$tree/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts "$tree/dev/pts"
mount -t tmpfs -o mode=1777 shm "$tree/dev/shm"
for device in null zero full random urandom tty; do
  : >"$tree/dev/$device"
  mount --bind "/dev/$device" "$tree/dev/$device"
done
ln -s pts/ptmx "$tree/dev/ptmx"
ln -s /proc/self/fd "$tree/dev/fd"
for stream in 0:stdin 1:stdout 2:stderr; do ln -s "/proc/self/fd/${stream%:*}" "$tree/dev/${stream#*:}"; done
hostname localhost
chroot "$tree" ip link set lo up

if [ -n "$scripts" ]; then
  mkdir -m 0700 "$tree/root/bake"
  cp -R "$scripts/." "$tree/root/bake/"
fi
status=0
# SYSTEMD_OFFLINE: systemctl sets links and starts nothing.
chroot "$tree" env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
  TERM="${TERM:-dumb}" SYSTEMD_OFFLINE=1 "$@" || status=$?

if [ -n "$to" ]; then
  # What the command left running; this shell is the namespace's first process, which a signal to all passes by.
  kill -s KILL -- -1 2>/dev/null || true
  wait
  # Lazily: who was killed a moment ago may not have let go yet.
  for place in proc sys run tmp dev; do umount --recursive --lazy "$tree/$place"; done
  # The same bytes each time: no number of a process in a header, no time that is later than the packages'.
  tar -c --sort=name --numeric-owner --xattrs --xattrs-include='*' --one-file-system --format=posix \
    --pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime --mtime="@$(newest_package "$tree")" --clamp-mtime \
    -f "$to" -C "$tree" .
fi
exit "$status"
