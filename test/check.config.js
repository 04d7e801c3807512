// What needs no box, as `test/bundle.js` wrote it: `npm run check` runs it but for the thorough ones, `make test` all of it.
import { existsSync } from 'node:fs';
import { cpus } from 'node:os';

export default {
  files: ['dist/tests/{unit,golden,bad-configs,thorough}/**/*.test.js'],
  nodeArguments: ['--enable-source-maps'],
  workerThreads: false,
  // Two cores have three files: many a test waits for a program.
  concurrency: Math.ceil(cpus().length * 1.5),
  // Files of the tests lie in memory: the box flushes each that it writes.
  environmentVariables: existsSync('/dev/shm') ? { TMPDIR: '/dev/shm' } : {},
  timeout: '60s',
};
