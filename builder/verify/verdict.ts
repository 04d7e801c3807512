/** What came of looking at the folder of an image: what was checked, what was not and why, and everything that is wrong. */
import { formatProblem } from '../config/problem.ts';

export interface Wrong {
  /** Path of the file, from where the command runs. */
  readonly file: string;
  readonly rule: string;
  readonly remedy: string;
}

export interface Verdict {
  readonly checked: readonly string[];
  readonly notChecked: readonly string[];
  readonly wrong: readonly Wrong[];
}

/** Of two looks at one folder. */
export const both = (one: Verdict, two: Verdict): Verdict => ({
  checked: [...one.checked, ...two.checked],
  notChecked: [...one.notChecked, ...two.notChecked],
  wrong: [...one.wrong, ...two.wrong],
});

export const wrongText = ({ file, rule, remedy }: Wrong) =>
  formatProblem({ place: { file }, key: '', rule, remedy });
