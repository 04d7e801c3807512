/** Facts of an example box, for the tests of its zones. */
import type { Written } from '../../../../box/dns/custom.ts';
import type { DnsFacts } from '../../../../box/dns/zones.ts';

export const facts: DnsFacts = {
  hostname: 'box.example.com',
  ipv4: '192.0.2.25',
  ipv6: '2001:db8::25',
  mailDomains: ['box.example.com', 'example.com'],
  userDomains: ['example.com'],
  ports: [25, 80, 443, 587, 993, 995],
  tlsKeySha256: 'ab'.repeat(32),
  authority: 'letsencrypt.org',
  dkim: [{ selector: 'mail', text: `v=DKIM1; h=sha256; k=rsa; s=email; p=${'MIIB'.repeat(98)}` }],
  sshHostKeys: [`4 2 ${'cd'.repeat(32)}`],
  certified: [],
  mtaStsId: '0123456789abcdef0123',
  dav: false,
  external: [],
  custom: [],
};

export const written = (name: string, type: string, value: string): Written => ({ name, type, value });
