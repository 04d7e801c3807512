#!/bin/sh
# Boots a baked root file system as a container. Started inside a mount namespace of its own (unshare --mount),
# so that its mounts and its loop device are gone with it, however it ends.
# usage: run-box.sh RAW_IMAGE OFFSET BYTES FOLDER NETNS [NSPAWN_OPTION...]
set -eu
raw=$1 offset=$2 bytes=$3 folder=$4 netns=$5
shift 5
mkdir -p "$folder/lower" "$folder/upper" "$folder/work" "$folder/root"
# noload: the image is read only, so its journal can't be replayed; a baked image was unmounted in order.
mount -t ext4 -o "ro,noload,loop,offset=$offset,sizelimit=$bytes" "$raw" "$folder/lower"
mount -t overlay -o "lowerdir=$folder/lower,upperdir=$folder/upper,workdir=$folder/work" overlay "$folder/root"
# A control group of its own: boxes that share one remove each other's, and a service then fails to start ("step CGROUP").
for hierarchy in /sys/fs/cgroup/systemd /sys/fs/cgroup/unified /sys/fs/cgroup; do
    [ -w "$hierarchy/cgroup.procs" ] || continue
    mkdir -p "$hierarchy/$netns"
    echo $$ >"$hierarchy/$netns/cgroup.procs"
done
exec systemd-nspawn --quiet --boot --directory="$folder/root" --register=no --keep-unit --console=read-only --capability=CAP_NET_ADMIN \
  --network-namespace-path="/run/netns/$netns" --resolv-conf=off --timezone=off --link-journal=no "$@"
