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

# newest_package TREE: when the newest of its packages was made, in seconds since 1970, by a file that each of them has. Nothing in an
# image says when or where it was baked; what would is of that time.
newest_package() {
  find "$1/usr/share/doc" -mindepth 2 -maxdepth 2 -name copyright -type f -printf '%T@\n' | sort -n | tail -n 1 | cut -d. -f1
}
