/** A DHCP server of a test's cloud: one lease to give, and no DNS. */

export interface Lease {
  /** The interface that it serves. */
  readonly device: string;
  readonly address: string;
  readonly router: string;
  /** More of dnsmasq(8)'s options. */
  readonly more?: readonly string[];
}

/** It says "started" on its standard error. */
export const dhcpServer = ({ device, address, router, more = [] }: Lease): readonly string[] => [
  'dnsmasq',
  '--keep-in-foreground',
  '--log-facility=-',
  '--conf-file=/dev/null',
  '--user=root',
  '--port=0',
  '--pid-file',
  '--leasefile-ro',
  `--interface=${device}`,
  '--bind-interfaces',
  `--dhcp-range=${address},${address},255.255.255.0,1h`,
  `--dhcp-option=option:router,${router}`,
  ...more,
];
