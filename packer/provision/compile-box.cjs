'use strict';
// Keeps the box program as V8 compiled it while it ran `box --help`, for the start of every later command. usage: NODE compile-box.cjs [--accepted]
// With --accepted: whether V8 takes what was kept, as exit code.
const { chmodSync, writeFileSync } = require('node:fs');

const asked = process.argv[2] === '--accepted';
process.argv.splice(2, 1, '--help');
process.stdout.write = () => true;
const { script, compiled } = require('/usr/lib/box/start.cjs');
process.once('exit', () => {
  if (asked) {
    process.exitCode = script.cachedDataRejected === false ? 0 : 1;
    return;
  }
  writeFileSync(compiled, script.createCachedData());
  // The box program's own umask is stricter; each of its users starts it.
  chmodSync(compiled, 0o644);
});
