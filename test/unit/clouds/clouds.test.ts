/** Clouds are data: whole, with the source of each fact, and in the words of Packer's builders. */
import test from 'ava';
import { type Cloud, factNames, userDataLimit } from '../../../clouds/cloud.ts';
import { clouds } from '../../../clouds/index.ts';
import type { Options } from '../../../clouds/packer-builder.ts';
import { releases } from '../../../releases/index.ts';
import { standIns } from '../../lab/world/stand-ins/index.ts';
import { commonOptions, publishedOptions } from './published-options.ts';

for (const cloud of clouds) {
  test(`${cloud.name}: each fact says where it is from and when it was read`, (t) => {
    t.deepEqual(Object.keys(cloud.sources).sort(), [...factNames].sort());
    for (const [fact, { from, read, checked }] of Object.entries(cloud.sources)) {
      t.regex(read, /^20\d\d-\d\d-\d\d$/, fact);
      t.false(Number.isNaN(Date.parse(read)), fact);
      t.is(from.includes('looked up nowhere'), !checked, `${fact}: ${from}`);
      t.true(from.length > 10, fact);
    }
  });

  test(`${cloud.name}: for each release there is a base, or why there is none`, (t) => {
    t.deepEqual(Object.keys(cloud.bases).sort(), [...releases.keys()].sort());
  });

  for (const builder of cloud.builders) {
    test(`${cloud.name}: what is said of ${builder.type} are options that it has`, (t) => {
      const names = Object.keys(builder.options);
      t.deepEqual(
        [...builder.baseOptions, ...(builder.oneOf ?? []).flat()].filter((name) => !names.includes(name)),
        [],
      );
      for (const base of Object.values((cloud as Cloud).bases))
        if ('options' in base)
          t.deepEqual(
            Object.keys(base.options).filter((name) => !builder.baseOptions.includes(name)),
            [],
          );
      // No option of a config is one of the log-in.
      const secrets = builder.credentials.flat().map(({ option }) => option);
      t.deepEqual(
        names.filter((name) => secrets.includes(name)),
        [],
      );
      t.true(builder.credentials.length > 0);
      for (const { env } of builder.credentials.flat()) t.regex(env, /^[A-Z][A-Z_]+$/);
    });
  }
}

test('a datasource that is said to be met in the lab is: test/lab/datasources.test.ts stands in for it', (t) => {
  const met = new Set(Object.values(standIns).map(({ datasource }) => datasource));
  for (const cloud of clouds.filter((one) => one.met !== 'machine'))
    t.is(met.has(cloud.datasource), cloud.met === 'lab', cloud.name);
});

test('a cloud is known by its firmware as the lab stands in for it, and by no other’s', (t) => {
  const known = ({ firmware }: Pick<Cloud, 'firmware'>, shown: Readonly<Record<string, string>>) =>
    Object.entries(firmware ?? {}).some(([field, words]) => words.includes(shown[field] ?? ''));
  for (const cloud of clouds.filter(({ met, firmware }) => met === 'lab' && firmware !== undefined)) {
    const shown = Object.values(standIns).filter(({ datasource }) => datasource === cloud.datasource);
    for (const { firmware } of shown)
      t.deepEqual(
        clouds.filter((one) => known(one, firmware)).map(({ name }) => name),
        [cloud.name],
      );
  }
});

test('a builder that Packer 1.6.6 lacks is held against the options that its plug-in publishes', (t) => {
  const lacking = clouds.flatMap(({ builders }) => builders).filter(({ debian }) => debian === 'lacks');
  t.deepEqual(lacking.map(({ type }) => type).sort(), Object.keys(publishedOptions).sort());
  for (const { type, options, defaults, credentials } of lacking) {
    const known: Readonly<Record<string, string>> = { ...publishedOptions[type], ...commonOptions };
    for (const [name, option] of Object.entries(options)) t.is(known[name], option.type, `${type}: ${name}`);
    const said = [
      ...Object.keys(defaults({ image: 'x', diskGiB: 8 })),
      ...credentials.flat().map(({ option }) => option),
    ];
    for (const name of said) t.truthy(known[name], `${type}: ${name}`);
  }
});

test('every option has a sentence', (t) => {
  const walk = (options: Options, where: string): void => {
    for (const [name, option] of Object.entries(options)) {
      t.regex(option.about, /^[A-Z][^.]*.*\.$/, `${where}.${name}`);
      if ('options' in option) walk(option.options, `${where}.${name}`);
    }
  };
  for (const { builders } of clouds) for (const { type, options } of builders) walk(options, type);
});

test('user-data that counts after base64 may be three quarters as long', (t) => {
  t.is(userDataLimit({ userData: { limit: 65_535, counts: 'base64' } }), 49_149);
  t.is(Buffer.from('x'.repeat(49_149)).toString('base64').length, 65_532);
  t.is(userDataLimit({ userData: { limit: 16_384, counts: 'raw' } }), 16_384);
});
