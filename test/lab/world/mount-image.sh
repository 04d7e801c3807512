# shellcheck shell=sh
# Mounts a baked root file system below $folder with a writable layer over it. For a mount namespace of its own
# (unshare --mount), so that its mounts and its loop device are gone with it, however it ends. With BOX_DISK the layer is in the
# ext4 of that file.
mount_image() { # RAW_IMAGE OFFSET BYTES FOLDER
    raw=$1 offset=$2 bytes=$3 folder=$4 layer=$4
    if [ -n "${BOX_DISK:-}" ]; then
        layer=$folder/disk
        mkdir -p "$layer"
        mount -o loop "$BOX_DISK" "$layer"
    fi
    mkdir -p "$folder/lower" "$folder/root" "$layer/upper" "$layer/work"
    # noload: for reading alone its journal can't be replayed. A baked image was unmounted in order, and a cut's disk was mended (image.ts).
    mount -t ext4 -o "ro,noload,loop,offset=$offset,sizelimit=$bytes" "$raw" "$folder/lower"
    mount -t overlay -o "lowerdir=$folder/lower,upperdir=$layer/upper,workdir=$layer/work" overlay "$folder/root"
}
