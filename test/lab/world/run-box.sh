#!/bin/sh
# Boots a baked root file system as a container. Started inside a mount namespace of its own (unshare --mount).
# usage: [BOX_MEMORY_MIB=N] [BOX_DISK=FILE] [BOX_INIT=PROGRAM_IN_THE_BOX] run-box.sh RAW_IMAGE OFFSET BYTES FOLDER NETNS [NSPAWN_OPTION...]
set -eu
# shellcheck source=mount-image.sh
. "$(dirname "$0")/mount-image.sh"
mount_image "$1" "$2" "$3" "$4"
netns=$5
# What a test lays over the image, as the bake does with the plan's files.
[ ! -e "$4/laid.tar" ] || tar --extract --file "$4/laid.tar" --directory "$4/root" --same-permissions --same-owner
shift 5
# A control group of its own: boxes that share one remove each other's, and a service then fails to start ("step CGROUP").
for hierarchy in /sys/fs/cgroup/systemd /sys/fs/cgroup/unified /sys/fs/cgroup/memory /sys/fs/cgroup; do
    [ -w "$hierarchy/cgroup.procs" ] || continue
    group=$hierarchy/$netns
    mkdir -p "$group"
    # The first name is of version 1, the second of 2 (the kernel's admin-guide, cgroup-v1/memory and cgroup-v2).
    for limit in "$group/memory.limit_in_bytes" "$group/memory.max"; do
        [ -z "${BOX_MEMORY_MIB:-}" ] || [ ! -e "$limit" ] || echo "${BOX_MEMORY_MIB}M" >"$limit"
    done
    echo $$ >"$group/cgroup.procs"
done
# A program that goes before the box's init starts it in the end.
if [ -n "${BOX_INIT:-}" ]; then set -- "$@" "$BOX_INIT"; else set -- --boot "$@"; fi
exec systemd-nspawn --quiet --directory="$folder/root" --register=no --keep-unit --console=read-only --capability=CAP_NET_ADMIN \
  --network-namespace-path="/run/netns/$netns" --resolv-conf=off --timezone=off --link-journal=no "$@"
