#!/bin/sh
# Installs a package into the root file system of a disk that nothing else uses. Started inside a mount namespace of its own.
# usage: install-package.sh RAW_DISK OFFSET BYTES MOUNT_POINT DEB
set -eu
raw=$1 offset=$2 bytes=$3 root=$4 deb=$5
# shellcheck source=../lab/furnish-root.sh
. "$(dirname "$0")/../lab/furnish-root.sh"
mount -t ext4 -o "loop,offset=$offset,sizelimit=$bytes" "$raw" "$root"
furnish_root "$root"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t tmpfs tmpfs "$root/tmp"
# update-grub looks for the device of / and writes its UUID where udev would show it by that.
device=$(findmnt --noheadings --output SOURCE "$root")
cp -a "$device" "$root/dev/"
mkdir -p "$root/dev/disk/by-uuid"
ln -s "$device" "$root/dev/disk/by-uuid/$(blkid -p -o value -s UUID "$device")"
cp "$deb" "$root/tmp/package.deb"
chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C DEBIAN_FRONTEND=noninteractive \
    apt-get -q -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts=/dev/null install -y /tmp/package.deb 2>&1 </dev/null
umount --recursive "$root"
