// What needs no box but for what runs on one: `make test` has that run by an older Node.js (test/node-of-releases.ts), as its own does in
// the lab, and `make check` runs it by this one.
import check from './check.config.js';
import ofReleases from './node-of-releases.config.js';

export default { ...check, files: [...check.files, ...ofReleases.files.map((file) => `!${file}`)] };
