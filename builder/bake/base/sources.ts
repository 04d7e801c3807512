/** Where the packages of a base disk come from: a mirror named in the config, or the build host's own apt sources. */
import type { BootstrapBase } from '../../../releases/release.ts';

/** One suite and the archive it is fetched from. */
export interface Source {
  readonly suite: string;
  /** Without a slash at its end. */
  readonly uri: string;
}

/** Asks `apt-get indextargets --format` for exactly what `fromBuildHost` reads. */
export const indexTargetsFormat = [
  '$(CREATED_BY)',
  '$(ORIGIN)',
  '$(COMPONENT)',
  '$(CODENAME)',
  '$(SUITE)',
  '$(REPO_URI)',
].join('\t');

/** No apt source for a suite, or one that may not go into an image. */
export class SourceError extends Error {
  override readonly name = 'SourceError';
}

/** Every suite from one mirror. A suite with an archive of its own is sought beside the main one. */
export function fromMirror(base: BootstrapBase, mirror: string): Source[] {
  const main = withoutSlash(mirror);
  refuseCredentials(main, 'image.mirror');
  return base.suites.map(({ suite, archive }) => ({
    suite,
    uri: archive === undefined ? main : main.replace(/[^/]+$/, archive),
  }));
}

/**
 * Every suite as the build host's own apt has it, in either of apt's notations; one that it does not have is where another of
 * its kind is, since an archive keeps the suites of several releases beside one another. `targets` are the lines of
 * `apt-get indextargets`; `readMirrorList` reads the file behind a `mirror+file:` address, which cloud images use.
 */
export function fromBuildHost(
  base: BootstrapBase,
  targets: readonly string[],
  readMirrorList: (path: string) => string,
): Source[] {
  const known = new Map<string, string>();
  const kinds = new Map<string, string>();
  for (const line of targets) {
    const [createdBy, origin, component = '', codename = '', suite = '', uri = ''] = line.split('\t');
    if (createdBy !== 'Packages' || origin !== base.origin || !base.components.includes(component)) continue;
    const address = reachable(uri, readMirrorList);
    const name = suiteName(codename, suite);
    if (address === undefined) continue;
    if (!known.has(name)) known.set(name, withoutSlash(address));
    if (!kinds.has(kindOf(name))) kinds.set(kindOf(name), withoutSlash(address));
  }
  const first = base.suites[0]?.suite ?? '';
  const main = known.get(first) ?? kinds.get(kindOf(first));
  return base.suites.map(({ suite, archive }) => {
    const uri = known.get(suite) ?? (archive === undefined ? main : kinds.get(kindOf(suite)));
    if (uri === undefined) {
      throw new SourceError(
        `this machine's apt knows no source for ${base.origin} ${suite}; run \`apt-get update\` if it should, ` +
          "or set image.mirror in box.yaml to the address of the distribution's package mirror",
      );
    }
    refuseCredentials(uri, `this machine's apt source for ${suite}`);
    return { suite, uri };
  });
}

/** The `sources.list` that the disk is made with and that lies on the box. */
export function sourcesList(base: BootstrapBase, sources: readonly Source[]): string {
  const components = base.components.join(' ');
  return sources
    .map(({ suite, uri }) => `deb [signed-by=${base.keyring}] ${uri} ${suite} ${components}\n`)
    .join('');
}

/**
 * How the build host's apt reaches its mirrors: proxies, time limits, the date check. Used while the disk is
 * made and then removed. `dump` is what `apt-config dump` prints.
 */
export function connectionSettings(dump: string): string {
  const wanted =
    /^Acquire::(https?::(Proxy|Timeout)(::[^ ]+)?|Retries|Check-Date|Check-Valid-Until|ForceIPv[46]) "[^"]*";$/;
  const lines = dump.split('\n').filter((line) => wanted.test(line));
  return lines.map((line) => `${line}\n`).join('');
}

/** `-security` of any release's security suite; nothing of the main one's. */
const kindOf = (suite: string): string => /-.*$/.exec(suite)?.[0] ?? '';

/** Debian's updates suites have code names of their own; Ubuntu's share that of the release. */
function suiteName(codename: string, suite: string): string {
  return suite.startsWith(`${codename}-`) ? suite : codename;
}

/** The box must reach it too, so only HTTP will do: not a disc, a local folder or an onion service. */
function reachable(uri: string, readMirrorList: (path: string) => string): string | undefined {
  if (/^https?:/.test(uri)) return uri;
  const list = /^mirror\+file:(?:\/\/)?(\/.*?)\/?$/.exec(uri)?.[1];
  if (list === undefined) return undefined;
  return /^https?:\S+/m.exec(readMirrorList(list))?.[0];
}

/** The address goes into the image, which holds no secret. */
function refuseCredentials(uri: string, what: string): void {
  if (!URL.canParse(uri))
    throw new SourceError(`${what} is not an address; write it like http://mirror.example/debian`);
  const { username, password } = new URL(uri);
  if (username === '' && password === '') return;
  throw new SourceError(
    `${what} carries a user name or password, which would be in the image; use a mirror without one`,
  );
}

function withoutSlash(uri: string): string {
  return uri.replace(/\/+$/, '');
}
