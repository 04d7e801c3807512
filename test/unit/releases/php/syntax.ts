/**
 * What PHP's grammar got after 5.5 and the parser takes at every level: for each kind of node, what in it is how new. What it
 * refuses by itself at a level (`??`, `fn`, `match`, typed properties, `?->`...) is not here.
 */
import type { Place, Tree } from './places.ts';

type Newer = readonly [what: string, since: string];

const is = (test: unknown, what: string, since: string): Newer[] => (test ? [[what, since]] : []);

const rules: Readonly<Record<string, (node: Tree, place: Place) => Newer[]>> = {
  list: (node) => [
    ...is(node.shortForm, '[...] = ..., a list in short form', '7.1.0'),
    ...(node.items as (Tree | null)[]).flatMap((item) => [
      ...is(item?.key, 'keys in a list', '7.1.0'),
      ...is(item?.byRef, 'a reference in a list', '7.3.0'),
    ]),
  ],
  classconstant: (node) => [
    ...is(node.visibility, 'the visibility of a constant', '7.1.0'),
    ...is(node.final, 'a final constant', '8.1.0'),
  ],
  constant: (node) => constantValue(node.value as Tree, true),
  property: (node) => constantValue(node.value as Tree | null, false),
  static: (node) => constantValue(node.value as Tree | null, false),
  parameter: (node) => [
    ...constantValue(node.value as Tree | null, false),
    ...typed(node.type as Tree | null, 'a parameter’s type'),
    ...is(node.nullable, 'a nullable type', '7.1.0'),
    ...is(node.variadic, '...$parameters', '5.6.0'),
    ...is(node.flags, 'a property made by a parameter', '8.0.0'),
  ],
  function: outcome,
  method: outcome,
  closure: outcome,
  class: (node) => is(node.isAnonymous, 'a class without a name', '7.0.0'),
  enum: () => [['an enum', '8.1.0']],
  variadic: () => [['...$arguments', '5.6.0']],
  variadicplaceholder: () => [['f(...), a function as a value', '8.1.0']],
  usegroup: (node) => [
    ...is(node.name, 'use A\\{B, C}', '7.0.0'),
    ...is(node.type, `use ${node.type}`, '5.6.0'),
  ],
  declare: (node) =>
    (node.directives as Tree[]).flatMap(({ key }) =>
      is((key as Tree).name === 'strict_types', 'strict_types', '7.0.0'),
    ),
  catch: (node) => [
    ...is((node.what as Tree[]).length > 1, 'several classes in a catch', '7.1.0'),
    ...is(node.variable === null, 'a catch without a variable', '8.0.0'),
  ],
  bin: (node) => is(node.type === '**', '**', '5.6.0'),
  assign: (node) => is(node.operator === '**=', '**=', '5.6.0'),
  number: (node) => is(/_|0o/i.test(rawOf(node)), `the number ${rawOf(node)}`, '7.4.0'),
  string: (node) => is(node.isDoubleQuote && hasCodePoint(rawOf(node)), '\\u{...} in a text', '7.0.0'),
  encapsed: (node) => [
    ...is(hasCodePoint(rawOf(node)), '\\u{...} in a text', '7.0.0'),
    ...is(/\[-\d/.test(rawOf(node)), 'a place from the end in a text', '7.1.0'),
  ],
  yieldfrom: () => [['yield from', '7.0.0']],
  yield: (node, { parents: [parent] }) =>
    is(
      node.value !== null && parent?.node.kind !== 'expressionstatement' && !node.parenthesizedExpression,
      'a yield as a value without brackets',
      '7.0.0',
    ),
  call: ({ what }) => {
    const called = what as Tree;
    const old = ['name', 'variable', 'propertylookup', 'staticlookup', 'offsetlookup'];
    return is(!old.includes(called.kind) || called.parenthesizedExpression, 'a call of a value', '7.0.0');
  },
  propertylookup: inBrackets,
  offsetlookup: inBrackets,
  staticlookup: (node) => {
    const [what, name] = [node.what as Tree, String((node.offset as Tree).name ?? '')];
    const old = ['name', 'variable', 'selfreference', 'parentreference', 'staticreference'];
    return [
      ...is(!old.includes(what.kind), 'VALUE::', '7.0.0'),
      ...is(name === 'class' && what.kind === 'variable', '$object::class', '8.0.0'),
      ...is(reserved.has(name.toLowerCase()), `::${name}, a word of the language`, '7.0.0'),
    ];
  },
  new: ({ what }) => is((what as Tree).parenthesizedExpression, 'new (...)', '8.0.0'),
};

/** What at one place is newer than PHP 5.5. */
export function syntax(place: Place): readonly Newer[] {
  return rules[place.node.kind]?.(place.node, place) ?? [];
}

const reserved = new Set(
  'abstract and array as break callable case catch clone const continue declare default do echo else elseif empty exit extends final finally for foreach function global goto if implements include instanceof insteadof interface isset list namespace new or print private protected public require return static switch throw trait try unset use var while xor yield'.split(
    ' ',
  ),
);

const rawOf = (node: Tree): string => String(node.raw ?? node.value ?? '');

const hasCodePoint = (raw: string): boolean => /(?<!\\)(?:\\\\)*\\u\{/.test(raw);

/** `(...)->x` and `(...)[0]`; of what is new it was always possible. */
function inBrackets({ what }: Tree): Newer[] {
  const from = what as Tree;
  return is(from.parenthesizedExpression && from.kind !== 'new', '(...)-> and (...)[]', '7.0.0');
}

function typed(type: Tree | null, what: string): Newer[] {
  if (type === null) return [];
  if (type.kind === 'uniontype' || type.kind === 'intersectiontype') return [[what, '8.0.0']];
  const name = String(type.raw ?? type.name ?? '').toLowerCase();
  return is(
    /^\??(bool|false|float|int|iterable|mixed|never|null|object|string|true|void)$/.test(name),
    `${what} ${name}`,
    '7.0.0',
  );
}

/** What a function gives back: a type of it, and a value where it also yields. */
function outcome(node: Tree): Newer[] {
  const inside = [...withoutInner(node.body)];
  const yields = inside.some(({ kind }) => kind === 'yield' || kind === 'yieldfrom');
  return [
    ...is(node.type, 'the type of what a function gives back', '7.0.0'),
    ...is(
      yields && inside.some(({ kind, expr }) => kind === 'return' && expr),
      'a generator that returns a value',
      '7.0.0',
    ),
  ];
}

function* withoutInner(value: unknown): Generator<Tree> {
  for (const one of Array.isArray(value) ? value : [value]) {
    if (one === null || typeof one !== 'object' || !('kind' in one)) continue;
    const node = one as Tree;
    if (['function', 'method', 'closure', 'class'].includes(node.kind)) continue;
    yield node;
    for (const [key, child] of Object.entries(node)) if (key !== 'loc') yield* withoutInner(child);
  }
}

/** A value that 5.5 reads where it wants a constant: no sums, and in a constant no array. */
function constantValue(value: Tree | null, isConstant: boolean): Newer[] {
  if (value === null || value === undefined) return [];
  if (value.kind === 'array')
    return isConstant
      ? [['a constant that is an array', '5.6.0']]
      : (value.items as Tree[]).flatMap((item) => [
          ...constantValue(item.key as Tree | null, false),
          ...constantValue(item.value as Tree | null, false),
        ]);
  if (value.kind === 'unary') return constantValue(value.what as Tree, isConstant);
  const simple = ['number', 'string', 'nowdoc', 'boolean', 'nullkeyword', 'name', 'staticlookup', 'magic'];
  return is(
    !simple.includes(value.kind) && !(value.kind === 'encapsed' && (value.value as Tree[]).length < 2),
    'a sum or a call where a constant is wanted',
    value.kind === 'new' ? '8.1.0' : '5.6.0',
  );
}
