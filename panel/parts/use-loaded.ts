/** Data that a page shows: loaded when the page comes, and again after each action. */
import { useCallback, useEffect, useState } from 'preact/hooks';
import { type Spoken, spokenOf } from '../ask.ts';

export interface Loaded<T> {
  readonly data?: T;
  readonly problem?: Spoken;
  readonly again: () => Promise<void>;
}

export function useLoaded<T>(load: () => Promise<T>): Loaded<T> {
  const [state, setState] = useState<{ data?: T; problem?: Spoken }>({});
  const again = useCallback(async () => {
    try {
      setState({ data: await load() });
    } catch (error) {
      setState((before) => ({ ...before, problem: spokenOf(error) }));
    }
  }, []);
  useEffect(() => {
    again();
  }, [again]);
  return { ...state, again };
}
