'use strict';
// Starts the box program as V8 compiled it during the bake: to compile it anew would take longer than most commands.
// What was compiled is left aside where the program is newer, and V8 leaves it aside where Node.js is another or is given any
// flag, a limit to its heap too: a service compiles anew then, and takes 20 MB more for as long as it runs.
const { readFileSync, statSync } = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const { Script } = require('node:vm');

const filename = path.join(__dirname, 'box.cjs');
const compiled = path.join(__dirname, 'box.compiled');

function compiledBefore() {
  try {
    return statSync(compiled).mtimeMs >= statSync(filename).mtimeMs ? readFileSync(compiled) : undefined;
  } catch {
    return undefined;
  }
}

const source = Module.wrap(readFileSync(filename, 'utf8').replace(/^#!.*/, ''));
const script = new Script(source, { filename, cachedData: compiledBefore() });
const program = new Module(filename, module);
program.filename = filename;
script.runInThisContext().call(program.exports, program.exports, require, program, filename, __dirname);

// For the bake, which keeps what was compiled.
module.exports = { script, compiled };
