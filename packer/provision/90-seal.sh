#!/bin/sh
# Takes out all that belongs to one machine, so that two boxes of an image share nothing, then looks whether it is so.
set -eu
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

# --- Identity and keys. Packages make some at installation, cloud-init made some for the bake.
# Overwritten first: a block that is given back may stay in the disk's file, whose clusters are larger.
find /etc/ssh -name 'ssh_host_*' -exec shred --remove {} +
find /etc/nsd /etc/unbound /etc/dovecot/private /etc/ssl/private /etc/bind -type f -name '*.key' -exec shred --remove {} + 2>/dev/null || true
: >/etc/machine-id # empty, not missing: a missing one makes systemd enable units by preset at the first boot
# What still runs would write to what is wiped here: logs, the clock's drift, and the random seed, which would be
# the same for every box of the image. The bake then powers off without stopping units, for the same reason.
if ! is_booted; then
    : # Nothing has run but these steps.
elif [ "$init" = systemd ]; then
    systemctl stop systemd-random-seed.service syslog.socket rsyslog.service chrony.service cron.service
    journalctl --relinquish-var
else
    service rsyslog stop
    rm -f /etc/rc0.d/*urandom
fi
rm -f /var/lib/dbus/machine-id /var/lib/systemd/random-seed /var/lib/systemd/credential.secret /var/lib/urandom/random-seed
rm -f /etc/ssl/private/ssl-cert-snakeoil.key /etc/ssl/certs/ssl-cert-snakeoil.pem
# Links in newer packages, which the shredding above passes by.
rm -f /etc/dovecot/private/dovecot.key /etc/dovecot/private/dovecot.pem /etc/ssl/private/dovecot.pem /etc/ssl/certs/dovecot.pem
rm -f /etc/unbound/unbound_control.pem /etc/unbound/unbound_server.pem
rm -f /etc/nsd/nsd_control.pem /etc/nsd/nsd_server.pem
rm -rf /home/user-data/* /home/user-data/.[!.]*
rm -rf /etc/box/settings.json /etc/box/box.env

# --- What the bake's own boot left: cloud-init's instance, network, leases, time.
if command -v cloud-init >/dev/null; then cloud-init clean --logs >/dev/null 2>&1 || true; fi
rm -rf /var/lib/cloud /var/log/cloud-init*.log
install --directory --owner=root --group=root --mode=0755 /var/lib/cloud
# When timers last ran and logs were last rotated: an image that is old enough would have each box make up for all of it at its
# first boot.
rm -rf /var/lib/systemd/timers
rm -f /var/lib/logrotate/status
rm -f /etc/ssh/sshd_config.d/50-cloud-init.conf # the bake's user-data
if [ -f /etc/locale.conf ]; then sed -i '/^LANG=/d' /etc/locale.conf; fi # the same, where cloud-init is 25
rm -f /etc/systemd/network/*cloud-init* /etc/netplan/*cloud-init* /etc/network/interfaces.d/*cloud-init*
rm -f /etc/udev/rules.d/70-persistent-net.rules
rm -f /var/lib/dhcp/*.leases /var/lib/chrony/* /var/lib/ntp/*.drift /var/lib/nsd/*
# The resolver's copy of the root's trust anchor is made anew from dns-root-data at each start.
rm -f /var/lib/unbound/root.key

# --- Traces: packages' lists and caches, logs, histories, spool.
apt-get -qq clean
# As the package has it, whoever's the folder was from which the bake took packages.
chown root:root /var/cache/apt/archives
chmod 0755 /var/cache/apt/archives
rm -f /var/cache/apt/archives/lock
rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin /var/cache/ldconfig/aux-cache /var/cache/debconf/*-old /var/lib/dpkg/*-old /var/cache/man /var/backups/*
rm -f /etc/passwd- /etc/shadow- /etc/group- /etc/gshadow- /etc/subuid- /etc/subgid-
rm -rf /var/log/journal/* /var/log/installer
find /var/log -type f \( -name '*.gz' -o -name '*.[0-9]' \) -delete
# As it is, never made anew: root may not do that in a folder like /tmp with a file of another's (fs.protected_regular).
find /var/log -type f -exec truncate --no-create --size 0 {} +
find /var/mail /var/spool/postfix/active /var/spool/postfix/deferred /var/spool/postfix/incoming /var/spool/postfix/maildrop \
    /var/spool/cron/crontabs -type f -delete 2>/dev/null || true
rm -rf /root/.ssh /root/.cache /root/.bash_history /root/.node_repl_history /root/.lesshst /root/.wget-hsts /root/.viminfo
find /tmp /var/tmp -xdev -mindepth 1 -prune -exec rm -rf {} + 2>/dev/null || true
rm -rf "$bake"
# What holds the moment of the bake or a number of chance, and says nothing: days on which passwords were changed that nobody has, a
# cache of fonts, the sum of a file that is gone, when keys were taken into a key ring.
day=$(cat /usr/lib/box/packages-date)
sed -i -E "s/^([^:]*:[^:]*:)[0-9]+:/\1$(($(date --utc --date "$day" +%s) / 86400)):/" /etc/shadow
# It has that of the folder from which the bake took packages.
touch --no-create --date "$day UTC" /var/cache/apt/archives/partial
rm -rf /var/cache/fontconfig/*
rm -f /var/lib/ucf/*.[0-9]
if [ -f /var/lib/ucf/hashfile ]; then sed -i '\,/etc/roundcube/config.inc.php$,d' /var/lib/ucf/hashfile; fi
# The older form of a key ring, which GnuPG reads where there is no newer one, has the keys and nothing else.
keys=/var/lib/spamassassin/sa-update-keys
if [ -f "$keys/pubring.kbx" ]; then
    gpg --homedir "$keys" --batch --quiet --no-autostart --no-permission-warning --export --output "$keys/pubring.gpg"
    rm -f "$keys"/pubring.kbx* "$keys/trustdb.gpg"
    chown --recursive --reference="$keys" "$keys"
fi
# The packages have done what systemd would do anew at a box's first boot, since /usr is newer than what it knows of: the linker's cache,
# the journal's catalogue, the hardware's names (systemd.unit(5), ConditionNeedsUpdate).
touch --date "$day UTC" /usr
if [ -x /lib/systemd/systemd-update-done ]; then /lib/systemd/systemd-update-done; fi

# --- Does it hold? Documentation and programs hold examples and the words themselves: /usr counts by file name only.
found=$(
    grep -rIlE --devices=skip -e '-----BEGIN ([A-Z]+ )*PRIVATE KEY-----' \
        /etc /home /root /opt /srv /boot /var 2>/dev/null || true
    find /etc /home /root /var -xdev -type f \( -name '*.key' -o -name 'ssh_host_*' -o -name 'authorized_keys' \) -print
)
# Public by nature, whatever the name.
found=$(printf '%s\n' "$found" | grep -v -E '^(/etc/ssl/certs/.*|/var/lib/unbound/root\.key|)$' || true)
[ -z "$found" ] || fail "seal: a key is left in the image: $(printf '%s' "$found" | tr '\n' ' ')"

found=$(apt_logins '')
[ -z "$found" ] || fail "seal: a log-in of apt's is left in the image: $(printf '%s' "$found" | tr '\n' ' ')"
[ ! -e "$apt_login" ] || fail "seal: $apt_login is still there"

hashes=$(cut -d: -f1,2 /etc/shadow | grep -F '$' | cut -d: -f1 || true)
[ -z "$hashes" ] || fail "seal: a password is left in the image, of $(printf '%s' "$hashes" | tr '\n' ' ')"
[ ! -s /etc/machine-id ] || fail 'seal: the machine-id is left in the image'
[ -z "$(find /home/user-data -mindepth 1)" ] || fail 'seal: state is left in the image'

say 'seal: no key, no password, no identity in the image'
# Gives the freed blocks back, so that the image is small and holds nothing deleted: ext4 frees them only when its
# transaction has been committed. A disk that can't is no error.
if is_booted; then
    sync
    fstrim --all 2>/dev/null || true
fi
