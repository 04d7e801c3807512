// The program that build.js made, as a script of V8's: what V8 compiled of one counts for the very same text alone.
'use strict';
const { readFileSync, statSync } = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const { Script } = require('node:vm');

const program = path.join(__dirname, '../dist/letterbox.cjs');
const compiled = path.join(__dirname, '../dist/letterbox.compiled');

/** Undefined where there is none, or one of an older program. That of another Node.js V8 leaves aside by itself. */
function compiledBefore() {
  try {
    return statSync(compiled).mtimeMs >= statSync(program).mtimeMs ? readFileSync(compiled) : undefined;
  } catch {
    return undefined;
  }
}

function scriptOf(cachedData) {
  return new Script(Module.wrap(readFileSync(program, 'utf8')), { filename: program, cachedData });
}

function run(script) {
  const it = new Module(program, module);
  it.filename = program;
  script
    .runInThisContext()
    .call(it.exports, it.exports, Module.createRequire(program), it, program, path.dirname(program));
}

module.exports = { program, compiled, compiledBefore, scriptOf, run };
