/** Sentences at records that other parts of the box know them by. */

/** At each record of the owner's. */
export const ownersWish = 'The box’s owner wants it.';

/** At those of a name that has an address and takes no mail: they come and go with the address. */
export const noMail = {
  mx: 'No mail is taken for this name (RFC 7505).',
  spf: 'This name sends no mail (SPF).',
  dmarc: 'Mail that pretends to be of this name is to be refused (DMARC).',
} as const;
