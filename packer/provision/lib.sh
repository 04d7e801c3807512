# shellcheck shell=sh
# What the provision steps share. They run as root in the image, from the folder of this file: in a machine that Packer booted,
# or in the root file system alone.

# Uploaded next to this file: overlay.tar, downloads/, packages.txt, downloads.txt, services.txt, verify.txt.
bake=${LETTERBOX_BAKE:-/root/bake}
# Which init system the release has: systemd or upstart.
init=${LETTERBOX_INIT:-systemd}
export bake init LC_ALL=C DEBIAN_FRONTEND=noninteractive

# Where apt finds the log-in for an archive that is sold: in memory, and only while the packages are installed.
apt_login=${LETTERBOX_APT_LOGIN:-/run/bake/apt-login}

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

# Files below a root that hold a log-in of apt's, or an address with one.
apt_logins() { # ROOT
    find "$1/etc/apt/auth.conf" "$1/etc/apt/auth.conf.d" "$1/root/.netrc" -type f -size +0 2>/dev/null || true
    grep -rIlE '://[^/[:space:]]+@' "$1/etc/apt" 2>/dev/null || true
}

# A group with a fixed number, so that a state volume means the same to every image.
ensure_group() { # name gid
    getent group "$1" >/dev/null || groupadd --system --gid "$2" "$1"
}
