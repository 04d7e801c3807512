/** `/ssl`: the certificate, as Mail-in-a-Box's API has it. The box has one for all of its names. */
import * as z from 'zod';
import type { Answers, NameStatus, Provisioned } from '../../../contract/api.ts';
import { plainName } from '../../../contract/idna.ts';
import { hostnamePattern } from '../../../contract/settings.ts';
import { certificateNames } from '../../dns/certificate-names.ts';
import { covers, daysLeft, isSelfSigned, readCertificate } from '../../keys/tls/certificate.ts';
import { readKey } from '../../keys/tls/private-key.ts';
import { makeRequest } from '../../keys/tls/request.ts';
import type { Box } from '../../machine/box.ts';
import { exclusively } from '../../machine/exclusively.ts';
import { Failure } from '../../machine/failure.ts';
import { paths } from '../../machine/paths.ts';
import { endsSoon } from '../../renew/acme/due.ts';
import { namesToCertify } from '../../renew/acme/names.ts';
import { provision } from '../../renew/acme/provision.ts';
import { readAcmeState } from '../../renew/acme/state.ts';
import { installCertificate } from '../../renew/install.ts';
import { field, none } from '../params.ts';
import { json, type Route, route, text } from '../route.ts';
import { boxOf } from './dns.ts';

/** Certificates in PEM. */
const pem = (what: string) =>
  z
    .string()
    .max(60_000, 'is too long')
    .regex(/^[\x20-\x7e\r\n\t]*$/, 'is not plain text')
    .default('')
    .describe(what);

export const sslRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/ssl/status',
    may: 'admin',
    summary: 'what the certificate is for, and which names could be added',
    params: none,
    answers:
      'JSON: `can_provision`, a list of names, and `status`, a list of `{domain, status: success|warning|danger, text}`',
    run: async (call) => json(await statusOf(await boxOf(call))),
  }),
  route({
    method: 'POST',
    path: '/ssl/csr/{domain}',
    may: 'admin',
    summary:
      'a certificate signing request for the box’s key, for this name and every other that it should have',
    params: z.object({
      domain: field('the name', 253),
      countrycode: field('taken and not used: authorities put no country into such certificates', 2),
    }),
    answers: 'the request as text (PEM)',
    async run(call, { domain }) {
      const box = await boxOf(call);
      const names = await knownNames(box, domain);
      return text(await makeRequest(names, await keyOf(box)));
    },
  }),
  route({
    method: 'POST',
    path: '/ssl/install',
    may: 'admin',
    summary: 'serve a certificate of an authority',
    params: z.object({
      domain: field('one of its names', 253),
      cert: pem('the certificate (PEM)'),
      chain: pem('those between it and its authority (PEM)'),
    }),
    answers: '`OK`',
    async run(call, { domain, cert, chain }) {
      const box = await boxOf(call);
      await knownNames(box, domain);
      await exclusively(call.machine, () => installCertificate(box, `${cert}\n${chain}`));
      return text('OK');
    },
  }),
  route({
    method: 'POST',
    path: '/ssl/provision',
    may: 'admin',
    summary: 'get a certificate by ACME, if one is due; you agree to the authority’s terms',
    params: none,
    answers: 'JSON: `requests`, a list of `{domains, log, result: installed|error|skipped, message}`',
    async run(call) {
      const box = await boxOf(call);
      try {
        const done = await provision(box, { byHand: true });
        const log = done.skipped.map(({ name, why }) => `${name}: ${why}`);
        if (done.result === 'nothing' && log.length === 0) return json({ requests: [] });
        const domains = done.result === 'installed' ? done.names : done.skipped.map(({ name }) => name);
        const result = done.result === 'installed' ? 'installed' : 'skipped';
        return json({
          requests: [{ domains, log, result, message: done.result === 'nothing' ? done.why : '' }],
        });
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        const request: Provisioned = {
          domains: [box.settings.hostname],
          log: [error.message],
          result: 'error',
          message: `${error.message} (${error.hint})`,
        };
        return json({ requests: [request] });
      }
    },
  }),
];

async function statusOf(box: Box): Promise<Answers['GET /ssl/status']> {
  const certificate = await readCertificate(box.machine);
  const acme = await readAcmeState(box.machine);
  const { names, skipped } = await namesToCertify(box);
  const why = new Map(skipped.map((each) => [each.name, each.why]));
  const state = (name: string): [status: NameStatus['status'], text: string] => {
    if (certificate === undefined) return ['danger', 'There is no certificate.'];
    if (!covers(certificate, name)) return ['danger', 'The certificate is not for this name.'];
    const days = daysLeft(certificate, box.now());
    if (days < 0) return ['danger', 'The certificate has expired.'];
    if (isSelfSigned(certificate)) return ['warning', 'The certificate is self-signed.'];
    if (endsSoon(certificate, acme, box.now()))
      return ['warning', `The certificate expires in ${days} days.`];
    return ['success', `Signed & valid. The certificate expires in ${days} days.`];
  };
  const all = [...names, ...why.keys()].map((name) => {
    const [status, words] = state(name);
    const reason = why.get(name);
    return {
      domain: name,
      status,
      text: status === 'success' || reason === undefined ? words : `${words} None can be had: ${reason}.`,
    };
  });
  const lacking = new Set(all.filter(({ status }) => status !== 'success').map(({ domain }) => domain));
  return { can_provision: names.filter((name) => lacking.has(name)), status: all };
}

/** The names of a certificate for one of the box's web sites. */
async function knownNames(box: Box, domain: string): Promise<string[]> {
  const { machine, settings } = box;
  const { names, skipped } = await namesToCertify(box);
  const wanted = plainName(domain);
  const known = [...names, ...skipped.map(({ name }) => name)].includes(wanted);
  if (!known || !hostnamePattern.test(wanted))
    throw new Failure('Invalid domain name.', 'see: GET /admin/ssl/status');
  return [...new Set([...(await certificateNames(machine, settings.hostname)), wanted])];
}

async function keyOf({ machine }: Box) {
  const key = await readKey(machine, paths.tlsKey);
  if (key === undefined) throw new Failure(`${paths.tlsKey} is missing`, 'reboot: the box makes a new one');
  return key;
}
