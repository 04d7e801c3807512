/** `/web`: the sites of the domains, as Mail-in-a-Box's API has them. */
import * as z from 'zod';
import type { Site } from '../../../contract/api.ts';
import { plainName } from '../../../contract/idna.ts';
import { covers, isSelfSigned, readCertificate } from '../../keys/tls/certificate.ts';
import { exclusively } from '../../machine/exclusively.ts';
import { Failure } from '../../machine/failure.ts';
import { paths } from '../../machine/paths.ts';
import { deploy } from '../../web/deploy.ts';
import { updateWeb, wantedWeb } from '../../web/publish.ts';
import { field, none } from '../params.ts';
import { json, type Route, route, text } from '../route.ts';
import { boxOf } from './dns.ts';

export const webRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/web/domains',
    may: 'admin',
    summary: 'the domains that have web pages here, and where their files lie',
    params: none,
    answers: 'a JSON list of `{domain, root, custom_root, ssl_certificate: [state, text], static_enabled}`',
    async run(call) {
      const box = await boxOf(call);
      const { hostname } = box.settings;
      const { sites, redirects } = await wantedWeb(box);
      const certificate = await readCertificate(call.machine);
      const one = (domain: string, folder: string, isStatic: boolean): Site => ({
        domain,
        root: `${paths.www}/${folder}`,
        custom_root: `${paths.www}/${domain}`,
        ssl_certificate:
          certificate === undefined || !covers(certificate, domain)
            ? ['warning', 'The box’s certificate is not for this name.']
            : isSelfSigned(certificate)
              ? ['warning', 'Self-signed.']
              : ['success', `Valid until ${new Date(certificate.validTo).toISOString().slice(0, 10)}.`],
        static_enabled: isStatic,
      });
      return json([
        one(hostname, 'default', true),
        ...sites.map(({ domain, folder, custom }) =>
          one(domain, folder, !custom.proxies.some(({ path }) => path === '/')),
        ),
        ...redirects.map(({ domain }) => one(domain, 'default', false)),
      ]);
    },
  }),
  route({
    method: 'POST',
    path: '/web/sites/{domain}',
    may: 'admin',
    summary: 'put a tar archive of pages in the place of all that a domain shows',
    params: z.object({
      domain: field('the domain, or `default`', 253),
      archive: z
        .string()
        .regex(/^\/var\/lib\/nginx\/body\/\d{1,20}$/, 'is missing: send a tar archive as the body')
        .default('')
        .describe('the archive, plain or with gzip, at most 64 MiB; plain files and folders only'),
    }),
    bodyParam: 'archive',
    upload: true,
    answers: 'how many files the site has now, as text',
    async run(call, { domain, archive }) {
      if (archive === '') throw new Failure('there is no archive', 'send a tar archive as the body');
      const files = await deploy(await boxOf(call), plainName(domain), archive);
      return text(`web site updated: ${files} files\n`);
    },
  }),
  route({
    method: 'POST',
    path: '/web/update',
    may: 'admin',
    summary: 'bring the web sites up to date, after a change by hand',
    params: none,
    answers: '`web updated`, or nothing',
    async run(call) {
      const box = await boxOf(call);
      const changed = await exclusively(call.machine, () => updateWeb(box));
      return text(changed ? 'web updated\n' : '');
    },
  }),
];
