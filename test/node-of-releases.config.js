// What runs on a box, as `test/bundle.js` wrote it: test/node-of-releases.ts runs it by an older Node.js.
import check from './check.config.js';

export default { ...check, files: ['dist/tests/unit/{box/**/*,contract}.test.js'] };
