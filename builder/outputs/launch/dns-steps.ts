/** What is left for whoever launches a box: the steps at the registrar, which no provider's API takes. */

/** `addresses` may be expressions of OpenTofu's; none where nobody knows them yet. */
export function dnsSteps(hostname: string, addresses: readonly string[], external: boolean): string[] {
  const at = addresses.length === 0 ? "the box's addresses" : addresses.join(' and ');
  if (external)
    return [
      `Where your domains are served: ${hostname} is ${at}.`,
      'After the first boot: publish there what `box dns show` prints on the box, and ask `box dns check`.',
    ];
  const names = `ns1.${hostname} and ns2.${hostname}`;
  return [
    `At the registrar of the domain that ${hostname} lies in: register ${names} as name servers with ${at} (glue).`,
    `At the registrar of each domain of the box: name ${names} as its name servers (NS).`,
    'After the first boot: give the registrar what `box dns ds` prints on the box (DS), and ask `box dns check`.',
  ];
}
