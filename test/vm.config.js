export default {
  extensions: { ts: 'module' },
  nodeArguments: ['--import=tsx'],
  files: ['test/boot/**/*.test.ts', 'test/lab/**/*.test.ts'],
  workerThreads: false,
  concurrency: 1,
  timeout: '30m',
};
