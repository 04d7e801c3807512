/** `/var/lib/dpkg/status` read: the packages of an image, and what each needs. */

export interface Package {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  /** Name and version of its source package. */
  readonly source: { readonly name: string; readonly version: string };
  /** Clause for clause, the alternatives of each by name. */
  readonly depends: readonly (readonly string[])[];
  readonly provides: readonly string[];
}

/** Those that are installed, by name. */
export function parseStatus(text: string): Package[] {
  return text
    .split(/\n{2,}/)
    .map(fieldsOf)
    .filter((fields) => / (installed|triggers-awaited|triggers-pending)$/.test(fields.get('Status') ?? ''))
    .map(packageOf)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The packages that each needs, as they are installed: what is not there is not needed. */
export function needsOf(packages: readonly Package[]): Map<Package, readonly Package[]> {
  const byName = new Map<string, Package>();
  for (const each of packages) for (const name of each.provides) byName.set(name, each);
  // A package itself goes before one that stands in for it.
  for (const each of packages) byName.set(each.name, each);
  return new Map(
    packages.map((each) => {
      const found = each.depends.map((clause) => clause.find((name) => byName.has(name)));
      const needed = found.flatMap((name) => (name === undefined ? [] : [byName.get(name) as Package]));
      return [each, [...new Set(needed)].filter((other) => other !== each)];
    }),
  );
}

/** As apt names the archive that it fetches. */
export function debName({ name, version, architecture }: Package): string {
  return `${name}_${version.replaceAll(':', '%3a')}_${architecture}.deb`;
}

function packageOf(fields: ReadonlyMap<string, string>): Package {
  const field = (name: string) => fields.get(name) ?? '';
  const [name, version] = [field('Package'), field('Version')];
  const [, sourceName = name, sourceVersion = version] = /^(\S+)(?: \((\S+)\))?$/.exec(field('Source')) ?? [];
  return {
    name,
    version,
    architecture: field('Architecture'),
    source: { name: sourceName, version: sourceVersion },
    depends: [...clausesOf(field('Pre-Depends')), ...clausesOf(field('Depends'))],
    provides: clausesOf(field('Provides')).flat(),
  };
}

/** `a (>= 1), b | c:any` as names. */
function clausesOf(text: string): string[][] {
  return text
    .split(',')
    .map((clause) => clause.split('|').map((name) => name.trim().replace(/[ (:].*$/s, '')))
    .filter(([first]) => first !== '');
}

function fieldsOf(paragraph: string): Map<string, string> {
  const lines = paragraph.split('\n').map((line) => /^([A-Za-z-]+): ?(.*)$/.exec(line));
  return new Map(lines.flatMap((found) => (found === null ? [] : [[found[1] ?? '', found[2] ?? '']])));
}
