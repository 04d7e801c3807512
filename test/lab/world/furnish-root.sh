# shellcheck shell=sh
# Gives a root file system what a program in a chroot needs: /proc of its own namespace, empty /run and /dev, four devices.
furnish_root() { # ROOT
    mount -t proc proc "$1/proc"
    mount -t tmpfs tmpfs "$1/run"
    mount -t tmpfs tmpfs "$1/dev"
    mknod -m 666 "$1/dev/null" c 1 3
    mknod -m 666 "$1/dev/zero" c 1 5
    mknod -m 666 "$1/dev/random" c 1 8
    mknod -m 666 "$1/dev/urandom" c 1 9
}
