export default {
  files: ['test/boot/**/*.test.ts', 'test/lab/**/*.test.ts'],
  extensions: { ts: 'module' },
  nodeArguments: ['--import=tsx'],
  workerThreads: false,
  concurrency: 1,
  // Between two results: a limit finds what hangs, and the first boot of a machine that shares two cores is long.
  timeout: '45m',
};
