/** Licences as Debian's copyright files name them (DEP 5), in SPDX's words where it has one for the same. */
import { fixupSpdxId } from '@cyclonedx/cyclonedx-library/SPDX';
import parseExpression from 'spdx-expression-parse';

/** Short names of DEP 5 that are other words than SPDX's. */
const names: Readonly<Record<string, string>> = {
  expat: 'MIT',
  artistic: 'Artistic-1.0-Perl',
  'apache-2': 'Apache-2.0',
  cc0: 'CC0-1.0',
  zlib: 'Zlib',
  'openldap-2.8': 'OLDAP-2.8',
  'sil-ofl-1.1': 'OFL-1.1',
  'gfdl-niv-1.3': 'GFDL-1.3-no-invariants-only',
  'gfdl-niv-1.3+': 'GFDL-1.3-no-invariants-or-later',
};

/** Each that a copyright file names, once: an SPDX expression, or the name as it stands there. None where it has no such form. */
export function licencesOf(copyright: string): string[] {
  if (!/^Format(-Specification)?:/m.test(copyright)) return [];
  const named = [...copyright.matchAll(/^License:[ \t]*(\S.*?)\s*$/gm)].map(([, name = '']) => name);
  // A longer line is no name but the first of the text.
  return [...new Set(named.filter((name) => name.length <= 60).map(inSpdx))].sort();
}

/** Where each word of it has its like in SPDX; else the name itself. */
export function inSpdx(name: string): string {
  const alternatives = name.split(/,? or /).map((part) => part.split(/,? and /).map(idOf));
  const known = alternatives.flat().every((id) => id !== undefined);
  const all = alternatives.map((ids) =>
    ids.length > 1 && alternatives.length > 1 ? `(${ids.join(' AND ')})` : ids.join(' AND '),
  );
  return known ? all.join(' OR ') : name;
}

export function isExpression(licence: string): boolean {
  try {
    parseExpression(licence);
    return true;
  } catch {
    return false;
  }
}

function idOf(name: string): string | undefined {
  const gnu = /^(A?GPL|LGPL)-?v?(\d)(\.\d)?(\+?)$/.exec(name);
  if (gnu !== null) {
    const [, family, major, minor = '.0', later] = gnu;
    return fixupSpdxId(`${family}-${major}${minor}-${later === '+' ? 'or-later' : 'only'}`);
  }
  return names[name.toLowerCase()] ?? fixupSpdxId(name);
}
