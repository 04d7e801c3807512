/**
 * Kinds of mail, as people get them, for `npm run bench filter`. Made up after descriptions of each kind: no corpus of real mail may be
 * handed on, and what is public is twenty years old. The words of a mail are drawn from its kind's:
 * mails of a kind have the same sentences, so that a filter which was taught has seen the like of all that it is asked.
 */

export interface Kind {
  readonly title: string;
  readonly spam: boolean;
  /** Header fields and text, without what every mail has (From, To, Date, Message-ID). */
  readonly mail: (draw: Draw) => {
    readonly headers: Readonly<Record<string, string>>;
    readonly text: string;
  };
}

/** Draws one of some, the same ones for the same seed. */
export type Draw = <T>(some: readonly T[]) => T;

const html = { 'MIME-Version': '1.0', 'Content-Type': 'text/html; charset=utf-8' };
const plain = { 'MIME-Version': '1.0', 'Content-Type': 'text/plain; charset=utf-8' };
const days = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;
const names = ['Ann', 'Bob', 'Chris', 'Dana', 'Erik', 'Fatima', 'Grace', 'Hugo', 'Ines', 'Jonas'] as const;
const places = [
  'the lake',
  'our place',
  'the station',
  'the club',
  'school',
  'the office',
  'grandma’s',
] as const;
const things = [
  'the tent',
  'the minutes',
  'a cake',
  'the keys',
  'the projector',
  'the tickets',
  'the accounts',
] as const;
const sums = ['12.40', '89.90', '240.00', '17.95', '1,312.50', '64.00'] as const;
const millions = ['2.5', '4.7', '8', '10.5', '12', '15'] as const;
const pills = ['Viagra', 'Cialis', 'Levitra', 'Xanax', 'weight loss pills', 'male enhancement'] as const;
const shouts = [
  'ACT NOW',
  'LIMITED OFFER',
  '100% FREE',
  'NO PRESCRIPTION',
  'ORDER TODAY',
  'RISK FREE',
] as const;

export const kinds: readonly Kind[] = [
  {
    title: 'a letter of a friend',
    spam: false,
    mail: (draw) => ({
      headers: {
        Subject: `${draw(days)} at ${draw(places)}?`,
        ...plain,
        'User-Agent': 'Mozilla Thunderbird',
      },
      text: `Hi ${draw(names)},\n\nare you free on ${draw(days)}? We meet at ${draw(places)}, and ${draw(names)} brings ${draw(things)}.\nIf it rains we go to ${draw(places)} instead. Tell me whether ${draw(names)} needs a lift.\n\nLove\n${draw(names)}\n`,
    }),
  },
  {
    title: 'a club’s list',
    spam: false,
    mail: (draw) => ({
      headers: {
        Subject: `[club] Minutes of ${draw(days)}`,
        'List-Id': '<club.known.example>',
        'List-Unsubscribe': '<mailto:club-leave@known.example>',
        Precedence: 'list',
        ...plain,
      },
      text: `Dear members,\n\nthe minutes of our meeting on ${draw(days)} are attached in the cloud. ${draw(names)} takes care of ${draw(things)} until ${draw(days)}.\nPlease send corrections to ${draw(names)}.\n\n-- \nclub mailing list\n`,
    }),
  },
  {
    title: 'a receipt of a shop',
    spam: false,
    mail: (draw) => ({
      headers: { Subject: `Your order of ${draw(days)} is on its way`, ...html },
      text: `<html><body><p>Dear ${draw(names)},</p><p>thank you for your order. We have sent ${draw(things)} today; it should be with you on ${draw(days)}.</p><table><tr><td>Total</td><td>EUR ${draw(sums)}</td></tr></table><p><a href="https://known.example/orders">Your orders</a></p><p>Known Shop Ltd, 1 High Street</p></body></html>\n`,
    }),
  },
  {
    title: 'a newsletter that was asked for',
    spam: false,
    mail: (draw) => ({
      headers: {
        Subject: `What is new at ${draw(places)} this week`,
        'List-Unsubscribe': '<https://known.example/leave>',
        ...html,
      },
      text: `<html><body><h1>This week</h1><p>${draw(names)} writes about ${draw(things)}, and on ${draw(days)} there is an offer in our shop: 20% off until ${draw(days)}.</p><p><a href="https://known.example/read">Read on</a> - <a href="https://known.example/leave">Unsubscribe</a></p></body></html>\n`,
    }),
  },
  {
    title: 'an answer in an office',
    spam: false,
    mail: (draw) => ({
      headers: {
        Subject: `Re: offer for ${draw(things)}`,
        'In-Reply-To': '<1@known.example>',
        References: '<1@known.example>',
        ...plain,
      },
      text: `Dear ${draw(names)},\n\nthank you. EUR ${draw(sums)} is fine with us; please invoice it to our office. ${draw(names)} can come on ${draw(days)}.\n\nKind regards\n${draw(names)}\n\n> Dear all,\n> here is our offer for ${draw(things)}: EUR ${draw(sums)}.\n`,
    }),
  },
  {
    title: 'a code to log in with',
    spam: false,
    mail: (draw) => ({
      headers: { Subject: 'Your code', ...plain },
      text: `Your code is ${draw(sums).replace(/\D/g, '')}${draw(sums).replace(/\D/g, '')}. It is good for ten minutes.\nIf you did not ask for it, ignore this mail.\n`,
    }),
  },
  {
    title: 'pills',
    spam: true,
    mail: (draw) => ({
      headers: { Subject: `${draw(pills)} ${draw(shouts)}!!!`, ...html },
      text: `<html><body bgcolor="#ffff00"><font size="7" color="red"><b>${draw(pills)} and ${draw(pills)} at 80% OFF</b></font><br>${draw(shouts)}! ${draw(shouts)}! No doctor, discreet shipping worldwide.<br><a href="http://203.0.113.77/${draw(names)}">CLICK HERE</a><br><font color="#fffffe" size="1">${draw(names)} ${draw(places)} ${draw(things)}</font></body></html>\n`,
    }),
  },
  {
    title: 'an inheritance',
    spam: true,
    mail: (draw) => ({
      headers: {
        Subject: 'URGENT BUSINESS PROPOSAL',
        'Reply-To': `barrister.${draw(names)}@open.example`,
        ...plain,
      },
      text: `DEAR FRIEND,\n\nI am Barrister ${draw(names)}, attorney to a deceased client who died in a plane crash and left US$${draw(millions)} MILLION (${draw(millions)} million United States Dollars) in a bank in Lagos, Nigeria. As his next of kin could not be found I seek your consent to present you as the beneficiary. You will get 40% of the total sum, which is 100% risk free. Kindly reply with your full name, address and bank account number. This transaction is strictly confidential.\n\nGOD BLESS YOU\nBarrister ${draw(names)}\n`,
    }),
  },
  {
    title: 'a bank that is none',
    spam: true,
    mail: (draw) => ({
      headers: { Subject: `Your account has been suspended, ${draw(names)}`, ...html },
      text: `<html><body><p>Dear customer,</p><p>we noticed unusual activity on your account. Verify your password and card number within 24 hours or your account will be closed.</p><p><a href="http://203.0.113.78/login/${draw(names)}">https://www.paypal.com/verify</a></p><p>Security department</p></body></html>\n`,
    }),
  },
  {
    title: 'extortion',
    spam: true,
    mail: (draw) => ({
      headers: { Subject: `I know your password ${draw(names)}`, ...plain },
      text: `I have hacked your computer and recorded you with your webcam while you visited an adult site. Send $${draw(sums).replace(/\D/g, '')} in bitcoin to this wallet within 48 hours: 1BoatSLRHtKNngkdXEeobR76b53LETtpyT. If I do not get the bitcoin I will send the video to all your contacts, ${draw(names)} and ${draw(names)} too. Do not try to contact the police.\n`,
    }),
  },
  {
    title: 'a lottery',
    spam: true,
    mail: (draw) => ({
      headers: {
        Subject: 'CONGRATULATIONS!!! YOU HAVE WON',
        'Reply-To': `claims.${draw(names)}@open.example`,
        ...plain,
      },
      text: `ATTENTION: WINNER\n\nYour e-mail address has won ${draw(millions)} MILLION EURO in the international e-mail lottery. To claim your prize contact our fiduciary agent ${draw(names)} and pay the transfer fee of EUR ${draw(sums)}. Keep this award confidential until your claim has been processed. Send your full name, telephone number, age and occupation.\n`,
    }),
  },
  {
    title: 'a program in a bill',
    spam: true,
    mail: (draw) => ({
      headers: {
        Subject: `Invoice ${draw(sums)} overdue`,
        'MIME-Version': '1.0',
        'Content-Type': 'multipart/mixed; boundary="b"',
      },
      text: `--b\nContent-Type: text/plain\n\nDear Sir/Madam, please see the attached invoice of $${draw(sums)} and pay immediately to avoid legal action.\n\n--b\nContent-Type: application/octet-stream; name="invoice_${draw(names)}.pdf.exe"\nContent-Disposition: attachment; filename="invoice_${draw(names)}.pdf.exe"\nContent-Transfer-Encoding: base64\n\nTVqQAAMAAAAEAAAA//8AALgAAAAAAAAAQAAAAAAAAAA=\n\n--b--\n`,
    }),
  },
];
