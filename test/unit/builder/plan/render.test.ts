import test from 'ava';
import { render, TemplateError } from '../../../../builder/plan/render.ts';

const rendered = (template: string, values = {}) => render(template, values, 'x.mustache', new Set());

test('text goes in as it is, without HTML escaping', (t) => {
  t.is(rendered('a = {{value}}', { value: `<"&'>` }), `a = <"&'>`);
});

test('a section repeats for each item', (t) => {
  t.is(rendered('{{#ports}}{{.}} {{/ports}}', { ports: [25, 587] }), '25 587 ');
});

test('a hole without a value is an error that names the file and the hole', (t) => {
  const error = t.throws(() => rendered('{{missing}}'), { instanceOf: TemplateError });
  t.regex(error.message, /^x\.mustache: \{\{missing\}\} has no value/);
});

test('a template that is cut off is an error that names the file', (t) => {
  t.regex(t.throws(() => rendered('{{#open}}', { open: true }))?.message ?? '', /^x\.mustache: /);
});

test('partials are refused', (t) => {
  t.throws(() => rendered('{{> other}}'), { instanceOf: TemplateError });
});

test('tells which names it used', (t) => {
  const used = new Set<string>();
  render('{{a}}{{#b}}{{c}}{{/b}}', { a: 1, b: [], unused: 1 }, 'x', used);
  t.deepEqual([...used], ['a', 'b']);
});
