/** A hint where something is no longer as its administrator once left it: which first steps are open again. */
import { askJson } from '../ask.ts';
import { brokenSince } from '../words/first-steps.ts';
import { filled, words } from '../words/spoken.ts';
import { PageLink } from './page-link.tsx';
import { useLoaded } from './use-loaded.ts';

export function BrokenSteps() {
  const { data } = useLoaded(() => askJson('GET /system/first-steps'));
  const titles = data === undefined ? [] : brokenSince(data);
  if (titles.length === 0) return null;
  return (
    <p class="problem">
      {filled(words().status.openAgain, { titles: titles.join(', ') })} <PageLink page="first-steps" />
    </p>
  );
}
