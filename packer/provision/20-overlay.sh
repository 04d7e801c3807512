#!/bin/sh
# Lays the plan's files over the system. Owners go by name, so the users they need are made first.
set -eu
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

# From here on the box's own units are there. A timer that elapses in a booted bake would start its service, and what that wants:
# all of the box (roundcube-gc, at minutes 5 and 35).
if is_booted && [ "$init" = systemd ]; then systemctl stop '*.timer' '*.path'; fi

# Numbers that stay the same in every image: a state volume outlives the image that made it.
ensure_group user-data 900
ensure_group box-accounts 901
getent passwd user-data >/dev/null ||
    useradd --system --uid 900 --gid user-data --home-dir /home/user-data --no-create-home --shell /usr/sbin/nologin user-data

# A database that a package made at its installation: the box makes its own, and its settings are the plan's.
rm -rf /var/lib/postgresql/* /etc/postgresql/*
# A key that a package made for every box of this image. Each makes its own at its first boot.
for file in /etc/roundcube/config.inc.php /var/lib/ucf/cache/*roundcube*; do
    [ ! -f "$file" ] || shred --remove "$file"
done

tar --extract --file "$bake/overlay.tar" --directory / --same-permissions --same-owner
say "overlay: $(tar --list --file "$bake/overlay.tar" | wc -l) files"
