/** Shows what the last action did, with the way back where there is one. */
import { useState } from 'preact/hooks';
import { type Notice, say, unsay } from '../notice.ts';
import { words } from '../words/spoken.ts';
import { complain } from './complain.ts';
import { Said } from './said.tsx';

export function NoticeBar({ notice }: { readonly notice: Notice | undefined }) {
  const [busy, setBusy] = useState(false);
  const takeBack = async (undo: NonNullable<Notice['undo']>) => {
    setBusy(true);
    try {
      const said = await undo();
      if (typeof said === 'string') say(said);
      else say(said.text, said);
    } catch (error) {
      complain(error);
    }
    setBusy(false);
  };
  const { text, told, bad, undo } = notice ?? { text: '' };
  const isEmpty = text === '' && told === undefined;
  return (
    <div class={`notice${isEmpty ? ' none' : ''}${bad ? ' bad' : ''}`}>
      {/* It is always there, since a region that comes with its text is not read out. */}
      <p role="status" id="said">
        <Said text={text} told={told} />
      </p>
      {undo && (
        <button type="button" disabled={busy} onClick={() => takeBack(undo)}>
          {words().frame.undo}
        </button>
      )}
      {!isEmpty && (
        <button type="button" onClick={unsay}>
          {words().frame.dismiss}
        </button>
      )}
    </div>
  );
}
