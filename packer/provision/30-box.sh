#!/bin/sh
# What an archive can't carry: memberships, folders, units put out of the way, the boot loader's menu.
set -eu
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

# These two read users.sqlite, and nobody else does.
for daemon in dovecot postfix; do
    usermod --append --groups box-accounts "$daemon"
done

# The service behind smtp_tls_policy_maps writes into its own cache and nowhere else.
getent passwd box-outbound-tls >/dev/null ||
    useradd --system --user-group --home-dir /var/lib/box-outbound-tls --no-create-home --shell /usr/sbin/nologin box-outbound-tls
install --directory --owner=box-outbound-tls --group=box-outbound-tls --mode=0700 /var/lib/box-outbound-tls

# Dovecot notes there, as the mailboxes' user, when an app password was used last: what is forged there opens nothing.
install --directory --owner=mail --group=mail --mode=0700 /var/lib/box-app-passwords

# Who says who may send as whom: reads accounts and aliases, and the key of rewritten envelopes.
getent passwd box-senders >/dev/null ||
    useradd --system --user-group --home-dir / --no-create-home --shell /usr/sbin/nologin box-senders
usermod --append --groups box-accounts box-senders

# Who takes strangers' reports apart: one folder of the storage root, which `box init` makes, and nothing else.
getent passwd box-reports >/dev/null ||
    useradd --system --user-group --home-dir / --no-create-home --shell /usr/sbin/nologin box-reports

# Who counts for the reports that the box sends: reads logs, and writes numbers. OpenDMARC begins a file there for it.
getent passwd box-counts >/dev/null ||
    useradd --system --user-group --home-dir / --no-create-home --shell /usr/sbin/nologin box-counts
usermod --append --groups adm box-counts
install --directory --owner=box-counts --group=box-counts --mode=0700 /var/lib/box-counts
install --directory --owner=box-counts --group=opendmarc --mode=0730 /var/lib/box-dmarc

# The control panel's web process: no files, no shell, and a socket that nginx alone may open.
getent passwd box-panel >/dev/null ||
    useradd --system --user-group --home-dir /run/box-panel --no-create-home --shell /usr/sbin/nologin box-panel
usermod --append --groups box-panel www-data

# The index of the mails' texts, where the plan has it: its own files, and a socket that systemd hands it.
if [ -e /usr/lib/box/search ]; then
    getent passwd box-search >/dev/null ||
        useradd --system --user-group --home-dir /home/user-data/mail/search --no-create-home --shell /usr/sbin/nologin box-search
fi

# The webmail's PHP, where the plan has it: its database, its log-ins by loopback, and a socket that nginx alone may open.
if [ -e /etc/box/webmail-fpm.conf ]; then
    getent passwd box-webmail >/dev/null ||
        useradd --system --user-group --home-dir /var/lib/box-webmail --no-create-home --shell /usr/sbin/nologin box-webmail
    usermod --append --groups box-webmail www-data
    # The package's pool, which is the web server's user.
    rm -f /etc/php/*/fpm/pool.d/www.conf /etc/php5/fpm/pool.d/www.conf
fi

# The groupware's PHP, where the plan has it: calendars and contacts on the storage root, and log-ins by loopback. It knows whose an
# address is.
if [ -e /etc/box/groupware-fpm.conf ]; then
    getent passwd box-groupware >/dev/null ||
        useradd --system --user-group --home-dir /home/user-data/groupware --no-create-home --shell /usr/sbin/nologin box-groupware
    usermod --append --groups box-accounts box-groupware
    # The package does not switch it on.
    php5enmod imap
fi

# The package's own service of PHP, which is the web server's user.
if [ -e /etc/init/php5-fpm.conf ]; then
    rm -f /etc/php5/fpm/pool.d/www.conf
    echo manual >/etc/init/php5-fpm.override
fi

# Dovecot's Diffie-Hellman group, where the plan has a version that would make its own.
if [ -e /usr/lib/box/dovecot-dh ]; then /usr/lib/box/dovecot-dh; fi

# The groupware's database, where the plan has it: made once for all boxes, and named by each.
if [ -e /usr/lib/box/pack-groupware-cluster ]; then /usr/lib/box/pack-groupware-cluster; fi

install --directory --owner=root --group=root --mode=0755 /home/user-data \
    /etc/box /etc/nginx/box.d /etc/nginx/sites /etc/dovecot/box.d

# Node.js, where the archive has none that is new enough for the box program: the builder sends it along.
if [ "${LETTERBOX_NODE:-archive}" = npm ]; then
    [ -e "$bake/node" ] || fail 'box: the builder sent no Node.js'
    install --mode=0755 "$bake/node" /usr/lib/box/node
fi
node=/usr/lib/box/node
[ -e "$node" ] || node=/usr/bin/node
# By a seed of its own V8 makes the same bytes at each bake. An older one counts the seed among what must be the same at the start.
"$node" --random-seed=1 "$bake/compile-box.cjs"
"$node" "$bake/compile-box.cjs" --accepted || "$node" "$bake/compile-box.cjs"

# Else cloud-init, which is root's, compiles them on each box. The time has Python look at what a source holds, not at its time:
# the same bytes at each bake.
for python in python3 python2.7; do
    if [ -e "/usr/lib/$python/dist-packages/box-datasources.pth" ]; then
        SOURCE_DATE_EPOCH=0 "$python" -m compileall -q /usr/lib/box/datasources || fail 'box: the datasources do not compile'
    fi
done

# A template user of the cloud image, with a password or sudo of its own, has no place on a box. Where the bake itself came by one it
# is logged in, and goes all the same.
for account in debian ubuntu ${LETTERBOX_ACCOUNT:-}; do
    getent passwd "$account" >/dev/null || continue
    userdel --force --remove "$account" 2>/dev/null || fail "box: the account $account can't be removed"
done
rm -f /etc/sudoers.d/90-cloud-init-users
# Log in as root by key only: its password can't match anything.
usermod --password '*' root

echo box >/etc/hostname
echo localhost >/etc/mailname
printf '127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n' >/etc/hosts
# The package's own: the box's names are in local-aliases.
rm -f /etc/aliases /etc/aliases.db
# What the box says at log-in is true of one boot.
ln -sfn /run/box/motd /etc/motd

if [ "$init" = systemd ] && [ -e /usr/lib/box/masked-units ]; then
    # shellcheck disable=SC2046 # one word a unit, in one call: each takes seconds on an emulated processor
    systemctl --quiet mask $(sed '/^#/d' /usr/lib/box/masked-units*)
fi

# The base's initrd is of before the overlay's settings; the time makes it the same bytes at each bake.
if [ -e /etc/initramfs-tools/conf.d/box ]; then
    SOURCE_DATE_EPOCH=0 update-initramfs -u -k all >/dev/null || fail 'update-initramfs failed'
fi
if [ -e /boot/grub/grub.cfg ] && command -v update-grub >/dev/null; then
    update-grub 2>/dev/null || fail 'update-grub failed'
fi
# Which image it is, by all that goes into it: a box notes on its state which one ran.
{
    dpkg-query --show
    sha256sum <"$bake/overlay.tar"
} | sha256sum | cut -c1-16 >/usr/lib/box/image-id
# How old its packages are: a file that each of them has keeps the day on which its package was made.
find /usr/share/doc -mindepth 2 -maxdepth 2 -name copyright -type f -printf '%TY-%Tm-%Td\n' | sort | tail -n 1 >/usr/lib/box/packages-date
say "box: this is image $(cat /usr/lib/box/image-id)" # the builder reads it
# The same, for the bill of materials: it can't look into the disk of a machine.
if is_booted; then
    say "box: its packages are of $(cat /usr/lib/box/packages-date)"
    sed -n -E '/^$/s/^/letterbox: dpkg:/p; s/^((Package|Status|Version|Architecture|Source|Provides|Depends|Pre-Depends): .*)$/letterbox: dpkg: \1/p' /var/lib/dpkg/status
fi
say 'box: users, folders and units are set'
