#!/bin/sh
# Runs the Postfix of a baked root file system as another host's mail server, with the configuration in FOLDER/upper.
# Started inside a mount namespace of its own (unshare --mount); its processes are gone with the first of them.
# usage: run-mta.sh RAW_IMAGE OFFSET BYTES FOLDER NETNS
set -eu
here=$(dirname "$0")
# shellcheck source=mount-image.sh
. "$here/mount-image.sh"
mount_image "$1" "$2" "$3" "$4"
# shellcheck disable=SC2016 # the inner shells expand these
exec ip netns exec "$5" unshare --pid --fork --kill-child --uts sh -euc '
    root=$1
    . "$2"
    furnish_root "$root"
    exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C chroot "$root" sh -euc "
        install -d -o nobody -g nogroup -m 700 /var/mail/lab
        exec postfix start-fg"
' sh "$folder/root" "$here/furnish-root.sh"
