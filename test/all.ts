// `make test`: runs every suite, on the image of example.yaml where it needs one.
import { boot, lab } from './boxes.ts';
import { ava, runStages } from './stages.ts';

/** What needs no box. */
const quick = ['unit', 'golden', 'bad-configs', 'thorough'];

await runStages([
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
    { title: quick.join(', '), argv: ['nice', '-n', '10', ava, '--config', 'test/check.config.js'] },
    { title: 'bake', argv: ['node', 'bin/letterbox.js', 'bake', 'example.yaml'] },
  ],
  [{ title: 'lab and boot', boxes: [...lab(), ...boot()] }],
]);
