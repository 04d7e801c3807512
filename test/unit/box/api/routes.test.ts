import { readFileSync } from 'node:fs';
import test from 'ava';
import type * as z from 'zod';
import { apiDocs } from '../../../../box/api/docs.ts';
import { findRoute } from '../../../../box/api/http/find-route.ts';
import { openApi } from '../../../../box/api/http/openapi.ts';
import { routeName } from '../../../../box/api/route.ts';
import { routes } from '../../../../box/api/routes/index.ts';

test('each route stands once, and the names in its path are parameters', (t) => {
  const names = routes.map(routeName);
  t.is(new Set(names).size, names.length);
  for (const { path, params } of routes) {
    t.regex(path, /^(\/([a-z-]+|\{[a-z]+\}))+$/);
    for (const [, name = ''] of path.matchAll(/\{(\w+)\}/g)) t.true(name in params.shape, `${path}: ${name}`);
  }
});

test('what the contract says is answered is asked of a route that there is', (t) => {
  const contract = readFileSync('contract/api.ts', 'utf8');
  const promised = [...contract.matchAll(/^ {2}readonly '([A-Z]+ \/[^']*)'/gm)].map(([, name = '']) => name);
  t.true(promised.length > 20);
  t.deepEqual(
    promised.filter((name) => !routes.some((route) => routeName(route) === name)),
    [],
  );
});

test('anyone may log in and out, and nothing else', (t) => {
  const open = routes.filter(({ may }) => may === 'anyone').map(routeName);
  t.deepEqual(open.sort(), [
    'GET /me',
    'POST /login',
    'POST /login/passkey',
    'POST /login/passkey/begin',
    'POST /logout',
  ]);
});

test('what changes something is no GET', (t) => {
  for (const { method, summary, path } of routes) {
    if (/^(add|remove|change|make|take|turn|bring|reboot|lead|end)\b/.test(summary))
      t.not(method, 'GET', path);
  }
});

test('every parameter is text, may be missing, is limited and explained', (t) => {
  for (const route of routes) {
    const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    t.true(route.params.safeParse({}).success || inPath.length > 0, routeName(route));
    for (const [name, type] of Object.entries(route.params.shape)) {
      const where = `${routeName(route)} ${name}`;
      t.truthy((type as z.ZodType).description, where);
      t.false((type as z.ZodType).safeParse(7).success, where);
      t.false((type as z.ZodType).safeParse('\0').success, where);
      t.false((type as z.ZodType).safeParse('x'.repeat(100_000)).success, where);
    }
  }
});

test('a path finds its route, also when it is escaped; others find none', (t) => {
  const find = (method: string, path: string) => {
    const found = findRoute(routes, method, path);
    return 'route' in found ? [found.route.path, found.pathParams] : found.allowed;
  };
  t.deepEqual(find('GET', '/mail/users'), ['/mail/users', {}]);
  t.deepEqual(find('HEAD', '/mail/users'), ['/mail/users', {}]);
  t.deepEqual(find('DELETE', '/mail/users'), ['GET']);
  t.deepEqual(find('GET', '/dns/zonefile/a%2Fb.example'), ['/dns/zonefile/{zone}', { zone: 'a/b.example' }]);
  for (const path of [
    '/',
    '',
    '/mail',
    '/mail/users/',
    '//mail/users',
    '/mail/users/add/x',
    '/dns/zonefile/',
    '/mail/../mail/users',
  ]) {
    t.deepEqual(find('GET', path), [], path);
  }
  t.deepEqual(find('GET', '/__proto__'), []);
  t.throws(() => find('GET', '/%ff'), { instanceOf: URIError });
});

test('docs/api.md is the table of routes', (t) => {
  t.is(readFileSync('docs/api.md', 'utf8'), apiDocs(), 'run: npm run docs');
});

test('the OpenAPI document has every route, each with an id of its own and every parameter in its place', (t) => {
  const { paths } = openApi() as { paths: Record<string, Record<string, Operation>> };
  const operations = Object.values(paths).flatMap((methods) => Object.values(methods));
  t.is(operations.length, routes.length);
  t.is(new Set(operations.map(({ operationId }) => operationId)).size, routes.length);
  t.deepEqual(paths['/dns/zonefile/{zone}']?.get?.parameters, [
    {
      name: 'zone',
      in: 'path',
      required: true,
      description: 'the name of the zone',
      schema: { default: '', maxLength: 253, pattern: '^\\P{Cc}*$', type: 'string' },
    },
  ]);
  const form = paths['/mail/users/add']?.post?.requestBody?.content['application/x-www-form-urlencoded'];
  t.deepEqual(Object.keys(form?.schema.properties ?? {}), ['email', 'password', 'privileges', 'quota']);
});

interface Operation {
  readonly operationId: string;
  readonly parameters: readonly object[];
  readonly requestBody?: { content: Record<string, { schema: { properties: object } }> };
}
