/** What the box's checks found, in groups: the API gives its words as `title: what is found`. */
import type { PanelPage, StatusEntry } from '../../contract/api.ts';
import { type Group, kinds, programs } from './check-kinds.ts';
import { checkTitle } from './check-titles.ts';
import { counted, filled, words } from './spoken.ts';

/** Milliseconds since 1970. */
export const checkedAt = (shown: readonly StatusEntry[]) =>
  Date.parse(shown.find(({ type }) => type === 'heading')?.checked_at ?? '');

export interface Fact {
  /** As the API has it. */
  readonly title: string;
  /** The same in the language of the page, where that has one for it. */
  readonly name: string;
  readonly found: string;
}
/** One finding, or several that are fine and mean the same. */
export interface StatusLine {
  readonly state: 'ok' | 'warning' | 'error';
  readonly facts: readonly Fact[];
  readonly meaning: string;
  readonly remedies: readonly string[];
  /** Where it is mended. */
  readonly page?: PanelPage;
}
export interface StatusGroup {
  readonly name: string;
  readonly lines: readonly StatusLine[];
}

const order: readonly Group[] = ['start', 'services', 'mail', 'dns', 'security', 'system'];
const rank = { error: 0, warning: 1, ok: 2 };

/** Groups with something wrong come first, and so does what is wrong in each. */
export function statusGroups(shown: readonly StatusEntry[]): StatusGroup[] {
  const { groups: names, meanings, programs: doings } = words().status;
  const lines = shown.flatMap(({ type, text, extra, page }) => {
    if (type === 'heading') return [];
    const at = text.indexOf(': ');
    const [title, found] = at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 2)];
    const kind = kinds.find((one) => one.title.test(title));
    const doing = programs.find(([name]) => name.test(title))?.[1] ?? 'other';
    const [group, meaning] =
      kind === undefined
        ? (['services', doings[doing]] as const)
        : ([kind.group, meanings[kind.meaning]] as const);
    const facts = [{ title, name: checkTitle(title), found }];
    const remedies = extra.map((one) => one.text);
    return [
      { group, line: { state: type, facts, meaning, remedies, ...(page === undefined ? {} : { page }) } },
    ];
  });
  const groups = order.map((name) => ({
    name: names[name],
    lines: merged(lines.filter(({ group }) => group === name).map(({ line }) => line)),
  }));
  return groups.filter((group) => group.lines.length > 0).sort((a, b) => worst(a) - worst(b));
}

function merged(lines: readonly StatusLine[]): StatusLine[] {
  const made: StatusLine[] = [];
  for (const line of [...lines].sort((a, b) => rank[a.state] - rank[b.state])) {
    const like = made.findIndex(({ state, meaning }) => state === 'ok' && meaning === line.meaning);
    const same = made[like];
    if (same === undefined || line.remedies.length > 0) made.push(line);
    else made[like] = { ...same, facts: [...same.facts, ...line.facts] };
  }
  return made;
}

const worst = ({ lines }: StatusGroup) => Math.min(...lines.map(({ state }) => rank[state]));

/** `2 errors, 1 warning, 40 fine` */
export function summary(groups: readonly StatusGroup[]): string {
  const count = (state: StatusLine['state']) =>
    groups
      .flatMap(({ lines }) => lines)
      .filter((line) => line.state === state)
      .flatMap(({ facts }) => facts).length;
  const said = words().status;
  return filled(said.summary, {
    errors: counted(said.errors, count('error')),
    warnings: counted(said.warnings, count('warning')),
    fine: counted(said.fine, count('ok')),
  });
}
