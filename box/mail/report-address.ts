/** Where other mail servers send their reports (DMARC, TLSRPT): an address of the box's own, which no mailbox has. */

const name = 'mail-reports';

export const reportAddress = (hostname: string): string => `${name}@${hostname}`;

/** Where Postfix takes it from: the transport that takes reports apart is this address's alone (/etc/postfix/report-mail). */
export const reportsEnd = `${name}@localhost`;
