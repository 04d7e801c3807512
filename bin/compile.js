// Program, run by build.js: has `letterbox build` run once, and keeps what V8 compiled of it for every start to come.
'use strict';
const { mkdtempSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');
const { compiled, run, scriptOf } = require('./script.js');

const out = mkdtempSync(path.join(tmpdir(), 'letterbox-compile-'));
const script = scriptOf();
process.once('exit', () => {
  rmSync(out, { recursive: true, force: true });
  // A build that failed, without xorriso say, is its own test's to tell: what was compiled until then is worth as much.
  process.exitCode = 0;
  writeFileSync(compiled, script.createCachedData());
});
process.argv.splice(2, Infinity, '--out', out, 'build', path.join(__dirname, '../example.yaml'));
run(script);
