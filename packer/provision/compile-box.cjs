'use strict';
// Keeps the box program as V8 compiled it while it ran `box --help`, for the start of every later command. usage: NODE compile-box.cjs
const { chmodSync, writeFileSync } = require('node:fs');

process.argv.push('--help');
process.stdout.write = () => true;
const { script, compiled } = require('/usr/lib/box/start.cjs');
process.once('exit', () => {
  writeFileSync(compiled, script.createCachedData());
  // The box program's own umask is stricter; each of its users starts it.
  chmodSync(compiled, 0o644);
});
