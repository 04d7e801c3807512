/** In the place of data that is on its way, or did not come. */
import { words } from '../words/spoken.ts';
import { Said } from './said.tsx';
import type { Loaded } from './use-loaded.ts';

export function Waiting({ of: { problem, again } }: { readonly of: Loaded<unknown> }) {
  if (problem === undefined) return <p class="waiting">{words().form.loading}</p>;
  return (
    <p class="problem" role="alert">
      <Said {...problem} />{' '}
      <button type="button" onClick={again}>
        {words().form.again}
      </button>
    </p>
  );
}
