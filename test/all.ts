// `make test`: runs every suite, on the image of example.yaml where it needs one; of each other release that can be baked here, its
// first boot and mail.
import { boot, inOrder, isOfOthers, lab, shortly } from './boxes.ts';
import { otherReleases } from './other-release.ts';
import { imagePath } from './rig/image.ts';
import { slowMachine, slowVariable, startOfNode } from './slow.ts';
import { ava, runStages } from './stages.ts';

/** What needs no box. */
const quick = ['unit', 'golden', 'bad-configs', 'thorough'];
const slow = slowMachine(startOfNode(), process.env.ALL === '1');
if (slow !== undefined) process.env[slowVariable] = '1';
const others = slow === undefined ? otherReleases() : [];
const bake = (config: string) => ({
  title: `bake of ${config}`,
  argv: ['node', 'bin/letterbox.js', 'bake', config],
});

for (const line of slow?.said ?? []) console.log(line);
await runStages(
  [
    [
      { title: 'types', argv: ['npm', 'run', '--silent', 'types'] },
      { title: 'lint', argv: ['npm', 'run', '--silent', 'lint'] },
      { title: 'bundle', argv: ['node', 'test/bundle.js', ...quick, 'lab', 'boot'] },
    ],
    [
      {
        title: 'unit, by the Node.js of releases',
        argv: ['nice', '-n', '10', 'node', '--import', 'tsx', 'test/node-of-releases.ts'],
      },
      // The bake is what the next stage waits for.
      { title: quick.join(', '), argv: ['nice', '-n', '10', ava, '--config', 'test/without-box.config.js'] },
      bake('example.yaml'),
      ...others.map(({ config }) => bake(config)),
    ],
    [
      {
        title: 'lab and boot',
        boxes: inOrder([
          ...[...lab(), ...boot()]
            .filter((file) => others.length === 0 || !isOfOthers(file))
            .filter(({ file }) => slow?.leavesOut(file) !== true),
          ...others.flatMap((other) => shortly(other, imagePath())),
        ]),
      },
    ],
  ],
  slow?.said,
);
