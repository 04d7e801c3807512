// `make test-release RELEASE=NAME`: bakes example.yaml as that release, and runs on its image what proves a release.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseDocument } from 'yaml';
import { releases } from '../releases/index.ts';
import { boot, lab } from './boxes.ts';
import { runStages } from './stages.ts';

const release = releases.get(process.env.RELEASE ?? '');
if (release === undefined) {
  process.stderr.write(
    `make test-release RELEASE=NAME, where NAME is one of ${[...releases.keys()].join(', ')}\n`,
  );
  process.exit(64);
}

const name = `test-${release.name.replaceAll('.', '-')}`;
const config = path.join('test-artefacts', `${name}.yaml`);
const document = parseDocument(readFileSync('example.yaml', 'utf8'));
document.set('name', name);
document.set('release', release.name);
mkdirSync(path.dirname(config), { recursive: true });
writeFileSync(config, String(document));
// What the tests read; `Release.name` and the image are theirs from here on (test/rig/release.ts, test/rig/image.ts).
process.env.LETTERBOX_RELEASE = release.name;
process.env.LETTERBOX_IMAGE = path.resolve('out', name, `${name}.qcow2`);

/** The lab starts a container as systemd does. Packer's own image is compared with example.yaml's alone. */
const files = [
  ...(release.init === 'systemd' ? lab() : []),
  ...boot().filter(({ file }) => !/packer|broken-role/.test(file)),
];

await runStages([
  [
    { title: 'bundle', argv: ['node', 'test/bundle.js', 'lab', 'boot'] },
    { title: 'bake', argv: ['node', 'bin/letterbox.js', 'bake', config] },
  ],
  [{ title: `lab and boot on ${release.title}`, boxes: files }],
]);
