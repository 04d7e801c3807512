export default {
  files: ['test/boot/**/*.test.ts', 'test/lab/**/*.test.ts'],
  extensions: { ts: 'module' },
  nodeArguments: ['--import=tsx'],
  workerThreads: false,
  // Machines take turns (test/boot/slots.ts); meanwhile a box of the lab, which mostly waits, costs them little.
  concurrency: 2,
  timeout: '30m',
};
