/** A certificate authority that speaks ACME (RFC 8555), as far as the box needs one. */
import { generateKeyPairSync } from 'node:crypto';
import { Agent, get } from 'node:https';
import type { Box } from '../../machine/box.ts';
import { Failure } from '../../machine/failure.ts';
import { paths } from '../../machine/paths.ts';

export type ChallengeType = 'http-01' | 'dns-01';

/** A name that is to be proven. */
export interface Proof {
  readonly name: string;
  readonly token: string;
  /** What the file at the token's path holds, or the TXT record: as the type of the challenge has it. */
  readonly answer: string;
  /** Tells the authority to look. @throws Failure with what it saw. */
  readonly look: () => Promise<void>;
}

export interface Order {
  /** To find it again after a power cut. */
  readonly url: string;
  /** Those that are still to be proven. */
  readonly proofs: readonly Proof[];
  /** Names that the authority has refused already. */
  readonly failed: readonly { readonly name: string; readonly why: string }[];
  /** The certificate with its chain (PEM), for a request (PEM). */
  readonly finish: (request: string) => Promise<string>;
}

export interface Authority {
  /** The order at this address; undefined: it is over, or not known. */
  readonly resume: (url: string) => Promise<Order | undefined>;
  readonly order: (names: readonly string[]) => Promise<Order>;
}

/** Let's Encrypt's. */
export const defaultDirectory = 'https://acme-v02.api.letsencrypt.org/directory';

export type Connect = (box: Box, type: ChallengeType) => Promise<Authority>;

/** Opens or finds the box's account there. */
export const connectAuthority: Connect = async (box, type) => {
  const { settings } = box;
  const acme = await import('acme-client');
  const directoryUrl = settings.acme?.directory ?? defaultDirectory;
  const agent =
    settings.lab?.acmeAuthority === undefined ? undefined : new Agent({ ca: settings.lab.acmeAuthority });
  const said = <T>(work: () => Promise<T>) => told(work, () => whyUnreachable(directoryUrl, agent));
  // Two more tries when it is busy; a daily run and the back-off do the rest.
  Object.assign(acme.axios.defaults, {
    timeout: 30_000,
    acmeSettings: { retryMaxAttempts: 2, retryDefaultDelay: 5 },
    ...(agent === undefined ? {} : { httpsAgent: agent }),
  });
  const client = new acme.Client({
    directoryUrl,
    accountKey: await accountKey(box),
    backoffAttempts: 30,
    backoffMin: 1000,
    backoffMax: 10_000,
  });
  const email = settings.acme?.email;
  const contact = email === undefined ? {} : { contact: [`mailto:${email}`] };
  const isKnown =
    // With nothing to change in it, an account that exists must be asked for in so many words.
    email === undefined &&
    (await client.createAccount({ onlyReturnExisting: true }).then(
      () => true,
      () => false,
    ));
  if (!isKnown) await said(() => client.createAccount({ termsOfServiceAgreed: true, ...contact }));
  const open = async (order: Awaited<ReturnType<typeof client.getOrder>>): Promise<Order> => {
    const proofs: Proof[] = [];
    const failed: { name: string; why: string }[] = [];
    for (const authorization of await said(() => client.getAuthorizations(order))) {
      const name = authorization.identifier.value;
      if (authorization.status === 'valid') continue;
      const challenge = authorization.challenges.find((each) => each.type === type);
      if (authorization.status !== 'pending' || challenge === undefined) {
        failed.push({ name, why: `the authority says ${authorization.status}, and offers no ${type}` });
        continue;
      }
      proofs.push({
        name,
        token: challenge.token,
        answer: await client.getChallengeKeyAuthorization(challenge),
        look: () =>
          said(async () => {
            await client.completeChallenge(challenge);
            await client.waitForValidStatus(challenge);
          }),
      });
    }
    return {
      url: order.url,
      proofs,
      failed,
      finish: (request) =>
        said(async () => {
          let now = await client.getOrder(order);
          if (now.status === 'ready') now = await client.finalizeOrder(now, request);
          return client.getCertificate(await client.waitForValidStatus(now));
        }),
    };
  };
  return {
    async resume(url) {
      const order = await client
        .getOrder({ url, status: 'pending', identifiers: [], authorizations: [], finalize: '' })
        .catch(() => undefined);
      return order === undefined || order.status === 'invalid' ? undefined : open(order);
    },
    order: async (names) =>
      open(
        await said(() => client.createOrder({ identifiers: names.map((value) => ({ type: 'dns', value })) })),
      ),
  };
};

/** Of the box's account at the authority, and of nothing else. */
async function accountKey({ machine }: Box): Promise<string> {
  const found = await machine.read(paths.acmeAccount);
  if (found?.includes('-----END PRIVATE KEY-----')) return found;
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const text = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  await machine.putDirectory({ path: paths.acme, mode: 0o700 });
  await machine.put({ path: paths.acmeAccount, mode: 0o600, text });
  return text;
}

const remedy = 'see docs/tls.md: what an authority needs; then: box tls provision';

/** What the authority says, in one line. */
async function told<T>(work: () => Promise<T>, unreachable: () => Promise<string | undefined>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Failure) throw error;
    // acme-client trips over an answer that never came, and loses why.
    const why = error instanceof TypeError ? await unreachable() : undefined;
    const words = why ?? (error instanceof Error ? error.message : String(error));
    throw new Failure(`the authority: ${words.replace(/\s+/g, ' ').slice(0, 500)}`, remedy);
  }
}

/** Why no answer comes from this address; undefined: one comes. */
function whyUnreachable(address: string, agent: Agent | undefined): Promise<string | undefined> {
  return new Promise((resolve) => {
    const request = get(address, { agent, timeout: 30_000 }, (answer) => {
      answer.resume();
      resolve(undefined);
    });
    request.once('timeout', () => request.destroy(new Error('it does not answer')));
    request.once('error', ({ message }) => resolve(`${address} can’t be reached: ${message}`));
  });
}
