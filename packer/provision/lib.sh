# shellcheck shell=sh
# What the provision steps share. They run as root in the image, from the folder of this file: in a machine that Packer booted,
# or in the root file system alone.

# Uploaded next to this file: overlay.tar, downloads/, packages.txt, downloads.txt, services.txt, verify.txt.
bake=${LETTERBOX_BAKE:-/root/bake}
# Which init system the release has: systemd or upstart.
init=${LETTERBOX_INIT:-systemd}
export bake init LC_ALL=C DEBIAN_FRONTEND=noninteractive

say() {
    printf 'letterbox: %s\n' "$*"
}

# In a root file system that was not booted, process 1 belongs to another.
is_booted() {
    [ "$(stat -L -c %d:%i /proc/1/root)" = "$(stat -c %d:%i /)" ]
}

fail() {
    say "$*" >&2
    exit 1
}

# A group with a fixed number, so that a state volume means the same to every image.
ensure_group() { # name gid
    getent group "$1" >/dev/null || groupadd --system --gid "$2" "$1"
}
