/** What the page First steps says in each language. The steps themselves are told by the box in English; other languages have their own words. */
import type { FirstStep } from '../../contract/api.ts';
import type { Plural } from './plural.ts';

export interface StepWords {
  readonly title: string;
  readonly why: string;
  readonly whatToDo: string;
  readonly waitsFor: string;
}

export interface FirstStepsWords {
  readonly open: Plural;
  readonly openAgain: Plural;
  readonly allDone: string;
  readonly states: Readonly<Record<'open' | 'done', string>>;
  readonly checked: string;
  readonly lead: string;
  readonly waitsFor: string;
  readonly more: Plural;
  readonly steps: Readonly<Record<FirstStep, StepWords>> | 'as the box tells them';
}
