# shellcheck shell=sh
# Where a root file system is worked on, for inside.sh and assemble.sh: in memory where there is room for it, else on the disk.

# empty_place FOLDER: makes it empty and ready; what lies in it is gone when the script ends, however that is.
# Memory takes thousands of small files several times faster than a disk. Half of 4 GiB is needed at most; an assembled disk counts
# twice. What a killed run left on the disk goes first.
empty_place() {
  emptied=$1
  find "$emptied" -xdev -mindepth 1 -delete
  if awk '$1 == "MemAvailable:" { exit $2 < 4194304 }' /proc/meminfo; then
    mount -t tmpfs -o mode=0755,size=4g place "$emptied"
  else
    trap 'find "$emptied" -xdev -mindepth 1 -delete' EXIT
  fi
  trap 'exit 1' HUP INT TERM
}

# unpack ARCHIVE FOLDER
# In a user namespace no device node can be made; the kernel makes those of a machine.
unpack() {
  tar -x --exclude='./dev/?*' --numeric-owner --xattrs --xattrs-include='*' -p -f "$1" -C "$2"
}
