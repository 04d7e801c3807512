/** The panel's own words, and behind them the API's: those are English in every language, and a screen reader is told so. */
import { toldIn } from '../words/spoken.ts';

interface Props {
  readonly text?: string;
  readonly told?: string | undefined;
}

export function Said({ text = '', told = '' }: Props) {
  return (
    <>
      {text}
      {text !== '' && told !== '' && ' '}
      {told !== '' && <span lang={toldIn()}>{told}</span>}
    </>
  );
}
