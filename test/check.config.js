// What needs no box, as `test/bundle.js` wrote it: `npm run check` runs it but for the thorough ones, `make test` all of it.
export default {
  files: ['dist/tests/{unit,golden,bad-configs,thorough}/**/*.test.js'],
  nodeArguments: ['--enable-source-maps'],
  workerThreads: false,
  timeout: '60s',
};
