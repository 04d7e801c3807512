/** Shows what the last action did, with the way back where there is one. */
import { useState } from 'preact/hooks';
import { reasonOf } from '../ask.ts';
import { type Notice, say, unsay } from '../notice.ts';
import { words } from '../words/spoken.ts';

export function NoticeBar({ notice }: { readonly notice: Notice | undefined }) {
  const [busy, setBusy] = useState(false);
  const takeBack = async (undo: () => Promise<string>) => {
    setBusy(true);
    try {
      say(await undo());
    } catch (error) {
      say(reasonOf(error), { bad: true });
    }
    setBusy(false);
  };
  const { text, bad, undo } = notice ?? { text: '' };
  return (
    <div class={`notice${text === '' ? ' none' : ''}${bad ? ' bad' : ''}`}>
      {/* It is always there, since a region that comes with its text is not read out. */}
      <p role="status" id="said">
        {text}
      </p>
      {undo && (
        <button type="button" disabled={busy} onClick={() => takeBack(undo)}>
          Undo
        </button>
      )}
      {text !== '' && (
        <button type="button" onClick={unsay}>
          {words().frame.dismiss}
        </button>
      )}
    </div>
  );
}
