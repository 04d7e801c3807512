#!/bin/sh
# Installs a package into the root file system of a disk that nothing else uses. Started inside a mount namespace of its own.
# usage: install-package.sh RAW_DISK OFFSET BYTES MOUNT_POINT DEB
set -eu
raw=$1 offset=$2 bytes=$3 root=$4 deb=$5
# shellcheck source=../lab/world/furnish-root.sh
. "$(dirname "$0")/../lab/world/furnish-root.sh"
loop=$(losetup --find --show --offset "$offset" --sizelimit "$bytes" "$raw")
trap 'losetup --detach "$loop"' EXIT # where it is mounted still: with this namespace
uuid=$(blkid -p -o value -s UUID "$loop")
# GRUB's 10_linux writes no entries where / is a loop device, so this one goes by another name: here, and inside.
mount -t tmpfs tmpfs "$root"
cp -a /dev/null "$loop" "$root/"
cp -a "$loop" "$root/box-root"
mount --move "$root" /dev
mount -t ext4 /dev/box-root "$root"
furnish_root "$root"
cp -a /dev/box-root "$root/dev/"
# It names / by its UUID where udev would show it by that.
mkdir -p "$root/dev/disk/by-uuid" "$root/dev/pts"
ln -s /dev/box-root "$root/dev/disk/by-uuid/$uuid"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t tmpfs tmpfs "$root/tmp"
cp "$deb" "$root/tmp/package.deb"
chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C DEBIAN_FRONTEND=noninteractive \
    apt-get -q -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts=/dev/null install -y /tmp/package.deb 2>&1 </dev/null
umount --recursive "$root"
