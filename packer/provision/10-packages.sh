#!/bin/sh
# Installs the packages that the base doesn't have: none on a bootstrapped base, most of them on a cloud image. Where an archive
# of security upgrades is sold and box.yaml names it, those of the base come with them.
set -eu
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
root=${LETTERBOX_ROOT:-}

# The lines of one word, without it.
lines_of() { # WORD
    sed -n "s/^$1 //p" "$bake/archives.txt"
}
# apt looks for log-ins in that file, and is told no more than its name: none is in its arguments or its output.
get() {
    apt-get -qq -y -o DPkg::Lock::Timeout=300 -o "Dir::Etc::netrc=$apt_login" -o Dpkg::Options::=--force-confold --no-install-recommends "$@"
}

installed=$(mktemp)
dpkg-query --show --showformat='${Status} ${Package}\n' | sed -n 's/^[a-z]* ok installed //p' | sort >"$installed"
missing=$(sort "$bake/packages.txt" | comm -23 - "$installed")
rm -f "$installed"

if [ -z "$missing" ]; then
    say 'packages: all there'
    exit 0
fi
sources=$(lines_of source)
esm_sources=$(lines_of esm-source)
esm_list=$root$(lines_of esm-list)
tidy() {
    rm -f "$root/usr/sbin/policy-rc.d" "$apt_login"
    # It is for the bake alone: a box has no log-in.
    [ -z "$esm_sources" ] || rm -f "$esm_list"
}
trap tidy EXIT

# A machine that was just started may be at packages of its own: the vendor's cloud-init, then a first upgrade that holds apt's lock.
if is_booted && command -v cloud-init >/dev/null; then cloud-init status --wait >/dev/null 2>&1 || true; fi
[ -z "$sources" ] || printf '%s\n' "$sources" >"$root/etc/apt/sources.list"
get update
# Daemons start with the box's own configuration, not with the package's in the middle of the bake.
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"
if [ -n "$esm_sources" ]; then
    say 'packages: upgrading those of the base'
    # shellcheck disable=SC2046 # one word a package
    get install $(lines_of esm-package)
    keyring=$root$(lines_of esm-keyring)
    [ -e "$keyring" ] || fail "packages: no package brought the key $keyring"
    cp "$keyring" "$root/etc/apt/trusted.gpg.d/"
    rm -f "$root$(lines_of esm-pin)"
    printf '%s\n' "$esm_sources" >"$esm_list"
    get update
    get dist-upgrade
fi
say "packages: installing $(printf '%s\n' "$missing" | wc -l)"
# shellcheck disable=SC2086 # one word a package
get install $missing
