#!/bin/sh
# Makes a bootable disk from a root file system. Needs no loop device and no block device; mounts and processes are in namespaces
# of its own (builder/bake/namespace.ts). The disk starts on BIOS and on UEFI, and both read the one /boot/grub/grub.cfg on the
# root file system, which update-grub rewrites.
#
#   assemble.sh PLACE FROM TO SIZE
#   PLACE   an empty folder, to work in
#   FROM    the root file system, a tar archive
#   TO      the disk, a qcow2
#   SIZE    of the disk, in bytes
#
# The same tree and size make the same disk, byte for byte: its numbers come of what is in the tree, its times of the newest package.
#
#   LBA 0        GPT, and GRUB's boot.img in its protective MBR
#   1: 1 MiB     BIOS boot partition: GRUB's core.img
#   2: 2 MiB     EFI system partition, 64 MiB: /EFI/BOOT/BOOTX64.EFI
#   3: 66 MiB    the root file system, last so that it can grow with the disk
set -eu
umask 022 # not that of whoever builds
PATH=$PATH:/usr/sbin:/sbin # an ordinary user has no way there
work=$1 from=$2 to=$3 size=$4

mib=1048576
bios_lba=2048
esp_mib=2
esp_size_mib=64
root_mib=66
gpt_tail=$mib

# shellcheck source=base/unpack.sh
. "${0%/*}/unpack.sh"
empty_place "$work"
tree=$work/root
disk=$work/disk.raw
mkdir "$tree"
unpack "$from" "$tree"

SOURCE_DATE_EPOCH=$(newest_package "$tree")
TZ=UTC # FAT has local times
export SOURCE_DATE_EPOCH TZ
number_of() { # WORD: the first 32 digits of a SHA-256 over it, the packages, the image's number and the size
  { cat "$tree/var/lib/dpkg/status" "$tree/usr/lib/box/image-id" 2>/dev/null || true; echo "$size $1"; } | sha256sum | cut -c1-32
}
uuid_of() { # WORD: a UUID of version 8 (RFC 9562)
  number_of "$1" | sed -E 's/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/\1-\2-8\3-8\4-\5/'
}
root_uuid=$(uuid_of root)
esp_id=$(number_of esp | cut -c1-8 | tr a-f A-F)
esp_uuid=$(echo "$esp_id" | sed 's/^..../&-/')

cat >"$tree/etc/fstab" <<END
UUID=$root_uuid / ext4 errors=remount-ro 0 1
# Only grub-install writes there: mount it for that.
UUID=$esp_uuid /boot/efi vfat umask=0077,noauto 0 0
END
mkdir -p "$tree/boot/efi"

# The first grub.cfg: the same entry that update-grub writes on the box, where it can see the disk.
kernel=$(cd "$tree/boot" && printf '%s\n' vmlinuz-* | sort -V | tail -n 1)
version=${kernel#vmlinuz-}
# shellcheck source=/dev/null
arguments=$(. "$tree/etc/default/grub" && echo "$GRUB_CMDLINE_LINUX")
cat >"$tree/boot/grub/grub.cfg" <<END
serial --speed=115200
terminal_input console serial
terminal_output console serial
set timeout=0
insmod part_gpt
insmod ext2
search --no-floppy --fs-uuid --set=root $root_uuid
menuentry 'Letterbox GNU/Linux, with Linux $version' {
  linux /boot/vmlinuz-$version root=UUID=$root_uuid ro $arguments
  initrd /boot/initrd.img-$version
}
END

# GRUB's core for either firmware, made by the box's own GRUB so that core and modules are one version.
cat >"$tree/boot/grub/early.cfg" <<END
search.fs_uuid $root_uuid root
set prefix=(\$root)/boot/grub
END
modules='part_gpt ext2 search_fs_uuid normal configfile'
for platform in i386-pc x86_64-efi; do
  case $platform in i386-pc) device=biosdisk ;; *) device= ;; esac
  # shellcheck disable=SC2086 # a list of module names
  chroot "$tree" grub-mkimage --format=$platform --prefix=/boot/grub --config=/boot/grub/early.cfg \
    --output=/boot/grub/core.$platform $modules $device
  mv "$tree/boot/grub/core.$platform" "$work/core.$platform"
done
rm "$tree/boot/grub/early.cfg"

# The box's own sfdisk again: it only has to see a file inside its root.
truncate -s "$size" "$tree/disk.raw"
chroot "$tree" sfdisk --quiet /disk.raw <<END
label: gpt
label-id: $(uuid_of disk)
start=1MiB, size=1MiB, type=21686148-6449-6E6F-744E-656564454649, uuid=$(uuid_of bios-partition), name=bios
start=${esp_mib}MiB, size=${esp_size_mib}MiB, type=C12A7328-F81F-11D2-BA4B-00A0C93EC93B, uuid=$(uuid_of esp-partition), name=esp
start=${root_mib}MiB, size=$(((size - gpt_tail) / mib - root_mib))MiB, type=4F68BCE3-E8CD-4DB1-96E7-FBCAF984B709, uuid=$(uuid_of root-partition), name=root
END
mv "$tree/disk.raw" "$disk"

write_at() { # file, byte offset on the disk
  dd if="$1" of="$disk" oflag=seek_bytes seek="$2" bs=64k conv=notrunc,sparse status=none
}
little_endian64() { # number: eight bytes
  number=$1
  for _ in 1 2 3 4 5 6 7 8; do
    # shellcheck disable=SC2059 # the format is the byte
    printf "\\$(printf %03o $((number & 255)))"
    number=$((number >> 8))
  done
}
patch() { # file, byte offset, number
  little_endian64 "$3" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

# BIOS: what grub-bios-setup does, which insists on a block device. boot.img loads the first sector of
# core.img from the LBA at 0x5c; that sector loads the others from the LBA at 0x1f4.
core=$work/core.i386-pc
[ "$(stat -c %s "$core")" -le $mib ] || { echo "GRUB's core.img is larger than its partition" >&2; exit 1; }
head -c 440 "$tree/usr/lib/grub/i386-pc/boot.img" >"$work/boot.img"
patch "$work/boot.img" $((0x5c)) $bios_lba
patch "$core" $((0x1f4)) $((bios_lba + 1))
write_at "$work/boot.img" 0
write_at "$core" $((bios_lba * 512))

# UEFI: the fallback path that firmware tries on a disk it has never seen.
esp=$work/esp.img
truncate -s ${esp_size_mib}M "$esp"
mformat -i "$esp" -F -T $((esp_size_mib * 2048)) -h 64 -s 32 -c 1 -N "$esp_id" -v ESP ::
mmd -i "$esp" ::/EFI ::/EFI/BOOT
touch -d "@$SOURCE_DATE_EPOCH" "$work/core.x86_64-efi"
mcopy -m -i "$esp" "$work/core.x86_64-efi" ::/EFI/BOOT/BOOTX64.EFI
write_at "$esp" $((esp_mib * mib))

# By the box's own e2fsprogs, which see the tree and the disk inside of their root. Inode tables and the journal are written now:
# a box that did it at its first boot would slow that down and fill its image. What is bound does not hold what is bound there.
mount --bind "$work" "$tree/run"
offset=$((root_mib * mib))
chroot "$tree" env E2FSPROGS_FAKE_TIME="$SOURCE_DATE_EPOCH" mke2fs -q -t ext4 -L root -U "$root_uuid" -m 1 -d /run/root \
  -E "offset=$offset,hash_seed=$(uuid_of directories),lazy_itable_init=0,lazy_journal_init=0" \
  /run/disk.raw $((((size - gpt_tail) / mib - root_mib) * 1024))k
# Change and access times are of this run, up to e2fsprogs 1.47.0 (SOURCE_DATE_EPOCH). The inodes are given out one after the other.
chroot "$tree" dumpe2fs -h "/run/disk.raw?offset=$offset" 2>/dev/null |
  awk -v time="$SOURCE_DATE_EPOCH" '
    $1 == "Inode" && $2 == "count:" { all = $3 }
    $1 == "Free" && $2 == "inodes:" { free = $3 }
    END {
      for (inode = 1; inode <= all - free; inode++)
        printf "sif <%d> ctime @%d\nsif <%d> ctime_extra 0\nsif <%d> atime @%d\nsif <%d> atime_extra 0\n",
          inode, time, inode, inode, time, inode
    }' >"$work/times"
chroot "$tree" env E2FSPROGS_FAKE_TIME="$SOURCE_DATE_EPOCH" debugfs -w -f /run/times "/run/disk.raw?offset=$offset" >/dev/null 2>&1
umount "$tree/run"

rm -rf "$tree"
# In order (no -W), so that it is the same file each time.
qemu-img convert -q -f raw -O qcow2 -m 4 "$disk" "$to"
