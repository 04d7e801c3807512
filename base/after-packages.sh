#!/bin/sh
# Runs when every package is installed, outside the new root file system, which is $1. Takes out what
# installing left of the build host and of this one installation, and puts in what makes it a machine
# that can be cared for: GRUB's settings and modules, a file system table, a network manager.
set -eu
umask 022 # not that of whoever builds
root=$1
cd / # its user may have no way into the folder in which this began


# Of the build host: its name, its resolver, its way to the package mirror.
printf 'localhost\n' >"$root/etc/hostname"
printf '127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n' >"$root/etc/hosts"
rm -f "$root/etc/resolv.conf" "$root/etc/apt/apt.conf.d/99build-host"

# Where the machine looks for one and where people look.
mv "$root/etc/apt/sources.list.d/0000sources.list" "$root/etc/apt/sources.list"

# Of this installation: keys that every box would share. Each box makes its own at its first boot.
rm -f "$root"/etc/ssh/ssh_host_*
rm -f "$root/etc/ssl/private/ssl-cert-snakeoil.key" "$root/etc/ssl/certs/ssl-cert-snakeoil.pem"
find "$root/etc/ssl/certs" -xtype l -delete
rm -f "$root/var/lib/systemd/random-seed" "$root/var/lib/dbus/machine-id"
# Empty and not absent: systemd would take an absent one for a factory reset and enable every service.
: >"$root/etc/machine-id"

# What dpkg was told to leave out stays out when packages are upgraded later.
mv "$root/etc/dpkg/dpkg.cfg.d/99mmdebstrap" "$root/etc/dpkg/dpkg.cfg.d/20-left-out"

# update-grub, which every new kernel package runs, reads this. no_timer_check: the kernel counts the timer's ticks in a time
# that it measures by its own steps. Where an emulated processor had no turn meanwhile none came, and it ends with
# "IO-APIC + timer doesn't work!". Under a hypervisor that it knows (KVM, Hyper-V, VMware) it leaves the look out by itself.
# fsck.repair: a disk that is damaged is repaired; nobody sits at the machine to answer (systemd-fsck(8)).
cat >"$root/etc/default/grub" <<'END'
GRUB_DEFAULT=0
GRUB_TIMEOUT=0
GRUB_RECORDFAIL_TIMEOUT=0
GRUB_DISTRIBUTOR="Letterbox"
GRUB_CMDLINE_LINUX="console=tty0 console=ttyS0,115200n8 no_timer_check fsck.repair=yes"
GRUB_CMDLINE_LINUX_DEFAULT=""
GRUB_TERMINAL="console serial"
GRUB_SERIAL_COMMAND="serial --speed=115200"
GRUB_DISABLE_OS_PROBER=true
END
for platform in i386-pc x86_64-efi; do
  mkdir -p "$root/boot/grub/$platform"
  cp "$root/usr/lib/grub/$platform"/*.mod "$root/usr/lib/grub/$platform"/*.lst "$root/boot/grub/$platform/"
done

# Scrubs LVM volumes, of which a box has none, and holds up the boot.
ln -sf /dev/null "$root/etc/systemd/system/e2scrub_reap.service"
ln -sf /dev/null "$root/etc/systemd/system/e2scrub_all.timer"
chroot "$root" systemctl enable --quiet systemd-networkd.service

# The bake's own boot starts no daemon of the packages: they have nothing to serve yet, and would be in its way.
cat >"$root/etc/systemd/system/bake.target" <<'END'
[Unit]
Description=Letterbox: what the bake needs of a machine
Requires=basic.target
Wants=systemd-networkd.service ssh.service cloud-init.target
After=basic.target
AllowIsolate=yes
END
chroot "$root" systemctl set-default --quiet bake.target
