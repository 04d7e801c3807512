export default {
  files: ['test/boot/**/*.test.ts', 'test/lab/**/*.test.ts'],
  extensions: { ts: 'module' },
  nodeArguments: ['--import=tsx'],
  workerThreads: false,
  concurrency: 1,
  timeout: '30m',
};
