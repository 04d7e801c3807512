#!/bin/sh
# Runs the resolver of a baked root file system as somebody else's, with the configuration, the clock and libfaketime in
# FOLDER/shared. Started inside a mount namespace of its own (unshare --mount).
# usage: run-validator.sh RAW_IMAGE OFFSET BYTES FOLDER NETNS
set -eu
here=$(dirname "$0")
# shellcheck source=mount-image.sh
. "$here/mount-image.sh"
mount_image "$1" "$2" "$3" "$4"
mount --bind "$folder/shared" "$folder/root/mnt"
# shellcheck disable=SC2016 # the inner shell expands it
exec ip netns exec "$5" unshare --pid --fork --kill-child --uts sh -euc '
    root=$1
    . "$2"
    furnish_root "$root"
    mkdir "$root/dev/shm"
    exec chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin LC_ALL=C LD_PRELOAD=/mnt/libfaketime.so \
        FAKETIME_TIMESTAMP_FILE=/mnt/clock FAKETIME_NO_CACHE=1 DONT_FAKE_MONOTONIC=1 \
        unbound -d -c /mnt/unbound.conf
' sh "$folder/root" "$here/furnish-root.sh"
