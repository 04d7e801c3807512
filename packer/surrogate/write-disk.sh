#!/bin/sh
# Writes the disk that was baked elsewhere onto the second disk of the machine that this runs on, which becomes the image.
set -eu

fail() {
    printf 'letterbox: %s\n' "$*" >&2
    exit 1
}

# The partition that / is on, and the disk that this is on; the other one is ours to overwrite.
root=$(lsblk --noheadings --nodeps --output PKNAME "$(findmnt --noheadings --output SOURCE /)")
[ -n "$root" ] || fail "which disk is / on?"
others=$(lsblk --noheadings --nodeps --output NAME,TYPE | awk -v root="$root" '$2 == "disk" && $1 != root { print $1 }')
case $others in
*[!a-z0-9]* | '') fail "there must be one other disk, not: $others" ;;
esac

gzip --decompress --stdout "$LETTERBOX_DISK" | dd of="/dev/$others" bs=4M conv=fsync 2>/dev/null
rm -f "$LETTERBOX_DISK"
printf 'letterbox: the disk is written to /dev/%s\n' "$others"
