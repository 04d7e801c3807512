/** In the place of data that is on its way, or did not come. */
import type { Loaded } from './use-loaded.ts';

export function Waiting({ of: { problem, again } }: { readonly of: Loaded<unknown> }) {
  if (problem === undefined) return <p class="waiting">Loading…</p>;
  return (
    <p class="problem" role="alert">
      {problem}{' '}
      <button type="button" onClick={again}>
        Try again
      </button>
    </p>
  );
}
