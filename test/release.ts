// `make test-release RELEASE=NAME`: bakes example.yaml as that release, and runs on its image what proves a release.
import { releases } from '../releases/index.ts';
import { boot, inOrder, lab } from './boxes.ts';
import { otherRelease } from './other-release.ts';
import { runStages } from './stages.ts';

const release = releases.get(process.env.RELEASE ?? '');
if (release === undefined) {
  process.stderr.write(
    `make test-release RELEASE=NAME, where NAME is one of ${[...releases.keys()].join(', ')}\n`,
  );
  process.exit(64);
}

const { config, environment } = otherRelease(release);
Object.assign(process.env, environment);

/** The lab starts a container as systemd does. Packer's own image is compared with example.yaml's alone. */
const files = [
  ...(release.init === 'systemd' ? lab() : []),
  ...boot().filter(({ file }) => !/packer|broken-role|same-bytes/.test(file)),
];

await runStages([
  [
    { title: 'bundle', argv: ['node', 'test/bundle.js', 'lab', 'boot'] },
    { title: 'bake', argv: ['node', 'bin/letterbox.js', 'bake', config] },
  ],
  [{ title: `lab and boot on ${release.title}`, boxes: inOrder(files) }],
]);
