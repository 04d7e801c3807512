#!/usr/bin/env node
// The `letterbox` command: runs the program that build.js made, as it was compiled then. `letterbox` at the root of a clone is a link
// to this: it starts without npm, which takes longer than most verbs.
'use strict';
const { existsSync } = require('node:fs');
const modules = require('node:module');
const path = require('node:path');
const { program, compiledBefore, run, scriptOf } = require('./script.js');

const before = compiledBefore();
if (before !== undefined) run(scriptOf(before));
else if (existsSync(program)) {
  // A package that was installed has none. Node.js 22 and newer keep what they compile of a module.
  modules.enableCompileCache?.();
  require(program);
} else {
  const root = path.dirname(__dirname);
  process.stderr.write(`letterbox: it is not built yet: run \`make -C ${root} dist\`, then try again\n`);
  process.exitCode = 1;
}
