/** A bucket: four requests of Amazon's S3 API (2006-03-01), signed by its version 4, with the bucket in the path. */
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import aws4 from 'aws4';
import { Failure } from '../../../machine/failure.ts';
import type { TargetFile } from '../sets.ts';
import { ask, textOf } from './ask.ts';
import { recordsIn } from './records.ts';
import { type Bucket, NotLetIn, type Store } from './store.ts';

/** `ca`: PEM certificates of the authorities that count; `atOnce`: how many names one answer has, at the most a thousand. */
export function s3Store(target: Bucket, ca: string, atOnce = 1000): Store {
  const { host, port, bucket, path, region, login } = target;
  const folder = path === '' ? '' : `${path}/`;
  const to = (
    method: string,
    name: string,
    content?: { readonly bytes: number; readonly from: Readable },
  ) => {
    const signed = aws4.sign(
      {
        service: 's3',
        region,
        host,
        method,
        path: `/${bucket}${name.startsWith('?') ? name : `/${folder}${name}`}`,
        headers: {
          host: port === 443 ? host : `${host}:${port}`,
          // TLS looks after what is on its way; to sign it, all of it would have to be read twice.
          'x-amz-content-sha256': 'UNSIGNED-PAYLOAD',
          ...(content === undefined ? {} : { 'content-length': content.bytes }),
        },
      },
      { accessKeyId: login.user, secretAccessKey: login.password },
    );
    return ask(
      { host, port, ca },
      {
        method,
        path: signed.path ?? '',
        headers: signed.headers ?? {},
        ...(content === undefined ? {} : { content: content.from }),
      },
    );
  };

  return {
    async list() {
      const files: TargetFile[] = [];
      let next: string | undefined;
      do {
        const query = new URLSearchParams({ 'list-type': '2', delimiter: '/', prefix: folder });
        query.set('max-keys', String(atOnce));
        if (next !== undefined) query.set('continuation-token', next);
        // A plus is a plus to a server that reads a query by RFC 3986.
        const answer = await to('GET', `?${String(query).replaceAll('+', '%20')}`);
        await refuse(answer, target);
        const xml = await textOf(answer, host);
        for (const fields of recordsIn(xml, 'Contents'))
          files.push({
            name: (fields.get('Key') ?? '').slice(folder.length),
            size: Number(fields.get('Size')),
          });
        next = recordsIn(xml, 'ListBucketResult')[0]?.get('NextContinuationToken');
      } while (next !== undefined);
      return files.filter(({ name }) => name !== '');
    },
    // A name with slashes is all that a folder is here; that of the bucket itself is for its owner to choose.
    makeFolder: async () => undefined,
    async put(name, bytes, from) {
      await finish(await to('PUT', name, { bytes, from }), target);
    },
    async get(name) {
      const answer = await to('GET', name);
      if (!isFine(answer)) {
        const code = await codeOf(answer, host);
        if (code === 'NoSuchKey') return undefined;
        throw refusal(answer, code, target);
      }
      return { bytes: Number(answer.headers['content-length']), content: answer };
    },
    async remove(name) {
      await finish(await to('DELETE', name), target);
    },
  };
}

async function finish(answer: IncomingMessage, target: Bucket): Promise<void> {
  await refuse(answer, target);
  await textOf(answer, target.host);
}

/** @throws Failure unless it went well */
async function refuse(answer: IncomingMessage, target: Bucket): Promise<void> {
  if (!isFine(answer)) throw refusal(answer, await codeOf(answer, target.host), target);
}

const isFine = ({ statusCode = 0 }: IncomingMessage) => statusCode >= 200 && statusCode < 300;

/** Empty: it is no answer of S3's. */
async function codeOf(answer: IncomingMessage, host: string): Promise<string> {
  const xml = await textOf(answer, host);
  try {
    return recordsIn(xml, 'Error')[0]?.get('Code') ?? '';
  } catch {
    return '';
  }
}

function refusal({ statusCode: status = 0 }: IncomingMessage, said: string, target: Bucket): Failure {
  const { host, bucket, region } = target;
  const code = said || `status ${status}`;
  if (code === 'NoSuchBucket')
    return new Failure(`${host} has no bucket ${bucket}`, 'make it there, or correct the target');
  if (code === 'RequestTimeTooSkewed')
    return new Failure(
      `${host} says that this box’s clock is wrong`,
      'set it right (date), then: box backup run',
    );
  if (
    /^(PermanentRedirect|TemporaryRedirect|AuthorizationHeaderMalformed|IllegalLocationConstraintException)$/.test(
      code,
    )
  )
    return new Failure(
      `the bucket ${bucket} is not in the region ${region} of ${host} (${code})`,
      'name its own region and host: s3://REGION@HOST/BUCKET/PATH',
    );
  if (/Quota|StorageFull|EntityTooLarge|InsufficientStorage/i.test(code) || status === 507)
    return new Failure(`${host} has no room for more (${code})`, 'make room there, then: box backup run');
  if (status === 401 || status === 403)
    return new NotLetIn(
      `${host} does not let this box in (${code})`,
      'name the id of the key and the key itself in the control panel, at Backups; it must be one that may list, read, write and delete in the bucket',
    );
  return new Failure(
    `${host} did not do what it was asked: ${code}`,
    'the next run tries again; to try now: box backup run',
  );
}
