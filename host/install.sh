#!/bin/sh
# Installs what is missing of the Debian packages in the given lists, without starting any daemon they bring.
# Usage: host/install.sh [--missing] host/demo.txt [host/test.txt]
# --missing names them and installs nothing.
set -eu

only_say=
if [ "${1-}" = --missing ]; then
	only_say=yes
	shift
fi

wanted=$(sed 's/#.*//' "$@")
# shellcheck disable=SC2086 # a list of words
installed=$(dpkg-query -W -f ' ${db:Status-Status}=${Package} ' $wanted 2>/dev/null || true)
missing=
for package in $wanted; do
	case $installed in
	*" installed=$package "*) ;;
	*) missing="$missing $package" ;;
	esac
done
[ -n "$missing" ] || exit 0
if [ -n "$only_say" ]; then
	echo "$missing"
	exit 0
fi

root=
if [ "$(id -u)" -ne 0 ]; then
	root=sudo
	command -v sudo >/dev/null || {
		echo "host/install.sh: needs root or sudo to install:$missing" >&2
		exit 1
	}
fi

# A policy-rc.d that says no keeps a package's daemon from starting (invoke-rc.d(8)); one that is there already stays.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
	printf '#!/bin/sh\nexit 101\n' | $root tee "$policy" >/dev/null
	$root chmod 755 "$policy"
	trap '$root rm -f "$policy"' EXIT
	trap 'exit 1' INT TERM
fi
echo "installing:$missing"
export DEBIAN_FRONTEND=noninteractive
$root apt-get -qq update
# shellcheck disable=SC2086 # a list of words
$root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install $missing >/dev/null
