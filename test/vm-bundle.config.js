// The same files as vm.config.js has, as `test/bundle.js lab boot` wrote them.
import vm from './vm.config.js';

const { files: _, extensions: __, ...kept } = vm;
export default {
  ...kept,
  files: ['dist/tests/{lab,boot}/**/*.test.js'],
  nodeArguments: ['--enable-source-maps'],
};
