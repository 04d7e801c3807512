/** What is new since the owner was last told, and the mail that says so. Pure. */
import type { CheckResult } from './checks/check.ts';

export interface Changes {
  /** Problems that were not there, or were other ones. */
  readonly fresh: readonly CheckResult[];
  /** Problems that are there no more. */
  readonly gone: readonly CheckResult[];
}

/** @param before what the owner was told of; undefined: nothing ever, and then only errors are worth a mail */
export function changesSince(
  before: readonly CheckResult[] | undefined,
  now: readonly CheckResult[],
): Changes {
  const problems = now.filter(({ state }) => state !== 'ok');
  if (before === undefined) return { fresh: problems.filter(({ state }) => state === 'error'), gone: [] };
  const old = before.filter(({ state }) => state !== 'ok');
  const [was, is] = [new Set(old.map(keyOf)), new Set(problems.map(keyOf))];
  return {
    fresh: problems.filter((problem) => !was.has(keyOf(problem))),
    gone: old.filter((problem) => !is.has(keyOf(problem))),
  };
}

/** The same problem with other figures is no news: days that pass, mails that wait. Addresses are no figures. */
function keyOf({ title, state, text }: CheckResult): string {
  const plain = text
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '#')
    .replace(/(?<![\w.:-])\d+(?:\.\d+)?(?![\w:-]|\.\w)/g, '#')
    .replace(/# days\b/g, '# day');
  return `${title}\n${state}\n${plain}`;
}

/** Undefined where there is nothing to say. */
export function mailOf(hostname: string, { fresh, gone }: Changes, checkedAt: string): string | undefined {
  if (fresh.length + gone.length === 0) return undefined;
  const counts = [
    ...(fresh.length === 0 ? [] : [`${fresh.length} new`]),
    ...(gone.length === 0 ? [] : [`${gone.length} gone`]),
  ];
  const address = `administrator@${hostname}`;
  return [
    `From: Letterbox <${address}>`,
    `To: ${address}`,
    `Subject: [${hostname}] problems: ${counts.join(', ')}`,
    'Auto-Submitted: auto-generated',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    ...lines([
      `What changed on ${hostname} since you were last told, looked at ${checkedAt}.`,
      '',
      ...fresh.flatMap(({ state, title, text, remedy }) => [
        `${state.toUpperCase()} ${title}: ${text}`,
        ...(remedy === undefined ? [] : [`   -> ${remedy}`]),
        '',
      ]),
      ...gone.map(({ title, text }) => `GONE ${title}: ${text}`),
      '',
      'All of it: box status --all, or the control panel.',
    ]),
    '',
  ].join('\n');
}

/** In base64: a line of a check may be long, and hold any letter. */
function lines(body: readonly string[]): string[] {
  const plain = body.map((line) => line.replace(/\p{Cc}/gu, ' ')).join('\n');
  return (
    Buffer.from(`${plain}\n`)
      .toString('base64')
      .match(/.{1,76}/g) ?? []
  );
}
