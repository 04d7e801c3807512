/** Who may send as whom: a milter of the box's own, and the envelopes of mail that is only passed on (SRS). */
import type { Role } from './role.ts';

/** All on loopback: the milter, the lookup of rewritten senders, Postfix's doors for what is passed on, and for what scripts send. */
export const sendersPort = 8895;
export const returnsPort = 8896;
export const forwardedPort = 10027;
export const returnedPort = 10028;
export const redirectedPort = 10029;
export const automaticPort = 10030;

/** Postfix's doors that ask for no log-in, and who comes to them besides root: Postfix with what is passed on, Dovecot with what scripts send. */
export const sendersDoors = [
  { port: forwardedPort, users: ['postfix'] },
  { port: returnedPort, users: ['postfix'] },
  { port: redirectedPort, users: ['mail'] },
  { port: automaticPort, users: ['mail'] },
];

export const senders: Role = {
  name: 'senders',
  summary: 'says who may send as whom, and rewrites the envelopes of mail that is only passed on',
  plan: (config, release) => ({
    ports: [
      { port: sendersPort, protocol: 'tcp', name: 'senders-milter', public: false },
      { port: returnsPort, protocol: 'tcp', name: 'srs-lookup', public: false },
    ],
    values: {
      sendersPort,
      returnsPort,
      redirectedPort,
      automaticPort,
      fromRule: config.outbound.from,
      recipientsPerHour: config.outbound.recipientsPerHour,
      ...(release.packetFilter === 'nftables' ? { forwardedPort, returnedPort } : {}),
    },
  }),
};
