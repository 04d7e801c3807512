/** Describes the API as an OpenAPI 3.1 document, from the table of routes. Pure. */
import * as z from 'zod';
import type { Route } from '../route.ts';
import { routes } from '../routes/index.ts';

interface Property {
  readonly description?: string;
  readonly default?: unknown;
}

export function openApi(all: readonly Route[] = routes): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of all) {
    const methods = paths[route.path] ?? {};
    methods[route.method.toLowerCase()] = operation(route);
    paths[route.path] = methods;
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Control panel of a Letterbox',
      version: '1',
      description: 'Routes, parameters and answers are those of Mail-in-a-Box, so that its clients work.',
    },
    servers: [{ url: '/admin' }],
    security: [{ basic: [] }],
    components: {
      securitySchemes: {
        basic: {
          type: 'http',
          scheme: 'basic',
          description:
            'Address and password, or address and the key that /login or /me gives. With the password of an account ' +
            'that has a second factor, its one-time code goes into the header X-Auth-Token.',
        },
      },
    },
    paths,
  };
}

function operation(route: Route): object {
  const schema = z.toJSONSchema(route.params, { io: 'input' }) as { properties?: Record<string, Property> };
  const properties = Object.entries(schema.properties ?? {});
  const inPath = (name: string) => route.path.includes(`{${name}}`);
  const inForm = (name: string) => route.method !== 'GET' && !inPath(name) && name !== route.bodyParam;
  const form = properties.filter(([name]) => inForm(name));
  const rest = properties.filter(([name]) => !inForm(name) && name !== route.bodyParam);
  return {
    operationId: `${route.method.toLowerCase()}${route.path.replace(/[^a-z]+(.)?/gi, (_, c = '') => c.toUpperCase())}`,
    summary: route.summary,
    ...(route.may === 'anyone' ? {} : { 'x-may': route.may }),
    parameters: rest.map(([name, { description, ...of }]) => ({
      name,
      in: inPath(name) ? 'path' : 'query',
      required: inPath(name),
      description,
      schema: of,
    })),
    ...bodyOf(route, Object.fromEntries(form)),
    responses: {
      200: { description: route.answers },
      400: { description: 'what is wrong, as text' },
      ...(route.may === 'anyone' ? {} : { 401: { description: 'not logged in, or not an administrator' } }),
      429: { description: 'too many log-ins failed: come again later' },
    },
  };
}

function bodyOf({ bodyParam, upload, method }: Route, form: Record<string, Property>): object {
  if (upload === true) {
    const schema = { type: 'string', format: 'binary' };
    return { requestBody: { content: { 'application/x-tar': { schema } } } };
  }
  if (bodyParam !== undefined && method !== 'GET')
    return { requestBody: { content: { 'text/plain': { schema: { type: 'string' } } } } };
  if (Object.keys(form).length === 0) return {};
  const schema = { type: 'object', properties: form };
  return { requestBody: { content: { 'application/x-www-form-urlencoded': { schema } } } };
}
