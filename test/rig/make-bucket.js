// Makes a bucket, as its owner does it before a box may use it: `make-bucket.js ADDRESS NAME PORT BUCKET AUTHORITY USER`, the key as input.
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import aws4 from 'aws4';

const [host, servername, port, bucket, authority, accessKeyId] = process.argv.slice(2);
const secretAccessKey = readFileSync(0, 'utf8').trim();
const signed = aws4.sign(
  {
    ...{ service: 's3', region: 'us-east-1', host, method: 'PUT', path: `/${bucket}` },
    headers: { host: `${host}:${port}`, 'content-length': 0 },
  },
  { accessKeyId, secretAccessKey },
);
const to = {
  host,
  port,
  ca: readFileSync(authority),
  method: 'PUT',
  path: signed.path,
  headers: signed.headers,
};
// The name of a certificate for an address is that address.
const name = servername === host ? {} : { servername };
request({ ...to, ...name }, (answer) => {
  answer.pipe(process.stderr);
  process.exitCode = answer.statusCode === 200 ? 0 : 1;
}).end();
