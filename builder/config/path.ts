/** The way from the root of a config to one value, as a list of keys and indices. */
export type Path = readonly PropertyKey[];

/** `box.sshKeys[0]`: how a path is written in messages. */
export function pathText(path: Path): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else text += text === '' ? keyText(String(part)) : `.${keyText(String(part))}`;
  }
  return text;
}

/** `sshKeys` of `sshKeys[0]`: the same path without indices. */
export function keyOf(path: Path): string {
  return path.filter((part) => typeof part !== 'number').join('.');
}

/** Whether one path is the other or leads to it. */
export function related(a: Path, b: Path): boolean {
  return a.every((part, index) => index >= b.length || part === b[index]);
}

/** A key as the user wrote it; a strange one is quoted and cut, so that a message stays one line. */
function keyText(key: string): string {
  if (/^[\w-]{1,40}$/.test(key)) return key;
  return JSON.stringify(key.length > 40 ? `${key.slice(0, 40)}...` : key);
}
