#!/bin/sh
# Lists the files of a disk that assemble.sh made, each with what it is, so that two disks can be held against each other. Runs in
# namespaces of its own (builder/bake/namespace.ts), and mounts nothing of the disk.
#
#   list-disk.sh PLACE DISK TO
#   PLACE   an empty folder, to work in
#   DISK    a qcow2
#   TO      a folder: `files` has, ended by NUL, path and kind, mode, owner, time and target of each; `sums` a SHA-256 of each that
#           has content; `outside` one of what lies before the root file system
set -eu
umask 022 # not that of whoever looks
PATH=$PATH:/usr/sbin:/sbin # an ordinary user has no way there
work=$1 from=$2 to=$3

# Where assemble.sh lays the root file system.
root_mib=66

# shellcheck source=base/unpack.sh
. "${0%/*}/unpack.sh"
empty_place "$work"
disk=$work/disk.raw
qemu-img convert -q -f qcow2 -O raw -m 4 -W "$from" "$disk"
mkdir "$work/root" "$to"
debugfs -R "rdump / $work/root" "$disk?offset=$((root_mib * 1048576))" 2>/dev/null
head -c $((root_mib * 1048576)) "$disk" | sha256sum >"$to/outside"
rm "$disk"

cd "$work/root"
# debugfs gives a link the time at which it is read.
find . -type l -printf '%P\0%y %m %U:%G %l\0' -o -printf '%P\0%y %m %U:%G %Ts\0' >"$to/files"
find . -type f -print0 | sort -z | xargs -0 sha256sum -z >"$to/sums"
