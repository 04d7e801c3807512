export default {
  files: ['dist/tests/**/*.test.js'],
  nodeArguments: ['--enable-source-maps'],
  workerThreads: false,
  timeout: '60s',
};
