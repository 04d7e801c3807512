#!/bin/sh
# Installs the packages that the base doesn't have: none on a bootstrapped base, most of them on a cloud image.
set -eu
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

installed=$(mktemp)
dpkg-query --show --showformat='${Status} ${Package}\n' | sed -n 's/^[a-z]* ok installed //p' | sort >"$installed"
missing=$(sort "$bake/packages.txt" | comm -23 - "$installed")
rm -f "$installed"

if [ -z "$missing" ]; then
    say 'packages: all there'
    exit 0
fi
say "packages: installing $(printf '%s\n' "$missing" | wc -l)"
# A machine that was just started may be at packages of its own: the vendor's cloud-init, then a first upgrade that holds apt's lock.
if is_booted && command -v cloud-init >/dev/null; then cloud-init status --wait >/dev/null 2>&1 || true; fi
apt-get -qq -o DPkg::Lock::Timeout=300 update
# Daemons start with the box's own configuration, not with the package's in the middle of the bake.
printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
chmod 755 /usr/sbin/policy-rc.d
# shellcheck disable=SC2086 # one word a package
apt-get -qq -y -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confold --no-install-recommends install $missing
rm -f /usr/sbin/policy-rc.d
