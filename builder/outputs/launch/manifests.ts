/** Manifests for `kubectl apply`: as YAML, dumped from objects. */
import { dump } from 'js-yaml';
import { dnsSteps } from './dns-steps.ts';

export function manifestsText(objects: readonly object[]): string {
  return objects
    .map((one) => dump(one, { lineWidth: -1, noRefs: true, forceQuotes: true, quotingType: '"' }))
    .join('---\n');
}

export function manifestsReadme(
  title: string,
  hostname: string,
  external: boolean,
  notes: readonly string[],
): string {
  return [
    `${hostname} under ${title}: a machine, its state volume, which outlives it, and what the world reaches. Not tried on a cluster. \`user-data.yaml\` is for your eyes only.`,
    'Once: in `box.yaml` write the URL of the qcow2 file, and its SHA-256 of `SHA256SUMS` for the zeros. Then `kubectl apply -f user-data.yaml -f box.yaml`, with your own log-in.',
    'A new image: another URL and SHA-256, and the next number wherever `-root-1` stands; apply, and restart the machine. The state volume stays.',
    notes.join(' '),
    dnsSteps(hostname, [], external).join(' '),
  ]
    .map((line) => `- ${line}\n`)
    .join('');
}
