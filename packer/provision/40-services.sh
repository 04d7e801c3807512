#!/bin/sh
# Sets which services start at boot. Those of the public wait for `box init`; how, the overlay says.
set -eu
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

to_enable='box-init box-ready'
while read -r kind name; do
    case "$kind" in
    early | service) ;;
    *) fail "services.txt: $kind $name is neither early nor service" ;;
    esac
    if [ "$init" = systemd ]; then
        # A package enables its own service; to do it again runs update-rc.d, slowly.
        case $(systemctl is-enabled "$name" 2>/dev/null || true) in
        enabled) ;;
        *) to_enable="$to_enable $name" ;;
        esac
    elif [ ! -e "/etc/init/$name.conf" ] && [ ! -x "/etc/init.d/$name" ]; then
        fail "services.txt: there is neither a job nor a script $name"
    elif [ "$kind" = service ]; then
        # Nothing here can wait for `box init`, so none starts by itself: `box ready` starts them.
        if [ -e "/etc/init/$name.conf" ]; then
            echo manual >"/etc/init/$name.override"
        else
            update-rc.d "$name" disable >/dev/null
        fi
    fi
done <"$bake/services.txt"

# Upstart needs no enabling: a job in /etc/init or a link in /etc/rc2.d, which its package makes, is enough.
if [ "$init" = systemd ]; then
    # shellcheck disable=SC2086 # one word a service
    systemctl --quiet enable $to_enable || fail "services.txt: one of these can't be enabled: $to_enable"
    systemctl --quiet set-default multi-user.target
    rm -f /etc/systemd/system/bake.target
fi
say "services: $(wc -l <"$bake/services.txt") enabled"
