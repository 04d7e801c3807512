export default {
  extensions: { ts: 'module' },
  nodeArguments: ['--import=tsx'],
  files: ['test/boot/**/*.test.ts', 'test/lab/**/*.test.ts'],
  workerThreads: false,
  concurrency: 2,
  timeout: '30m',
};
