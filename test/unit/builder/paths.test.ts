/** Where a bake keeps what it can use again: never where a user may not write, nor where the next `npm install` deletes. */
import { homedir } from 'node:os';
import test from 'ava';
import { cacheOf } from '../../../builder/paths.ts';

test('in a clone it is the clone’s, whatever the environment says', (t) => {
  t.is(cacheOf('/home/alice/letterbox/', undefined), '/home/alice/letterbox/.cache');
  t.is(cacheOf('/home/alice/letterbox/', '/elsewhere'), '/home/alice/letterbox/.cache');
});

test('of a package that was installed it is the user’s', (t) => {
  for (const root of [
    '/usr/lib/node_modules/letterbox/',
    '/home/alice/.npm/_npx/1a2b/node_modules/letterbox/',
  ]) {
    t.is(cacheOf(root, undefined), `${homedir()}/.cache/letterbox`);
    t.is(cacheOf(root, '/var/cache/alice'), '/var/cache/alice/letterbox');
    t.is(cacheOf(root, 'relative'), `${homedir()}/.cache/letterbox`);
    t.is(cacheOf(root, ''), `${homedir()}/.cache/letterbox`);
  }
});
