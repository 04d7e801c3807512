/** Data that a page shows: loaded when the page comes, and again after each action. */
import { useCallback, useEffect, useState } from 'preact/hooks';
import { reasonOf } from '../ask.ts';

export interface Loaded<T> {
  readonly data?: T;
  readonly problem?: string;
  readonly again: () => Promise<void>;
}

export function useLoaded<T>(load: () => Promise<T>): Loaded<T> {
  const [state, setState] = useState<{ data?: T; problem?: string }>({});
  const again = useCallback(async () => {
    try {
      setState({ data: await load() });
    } catch (error) {
      setState((before) => ({ ...before, problem: reasonOf(error) }));
    }
  }, []);
  useEffect(() => {
    again();
  }, [again]);
  return { ...state, again };
}
