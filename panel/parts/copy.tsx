/** A button that puts a text into the clipboard, and says so. */
import { say } from '../notice.ts';
import { filled, words } from '../words/spoken.ts';

export function Copy({ text, what }: { readonly text: string; readonly what: string }) {
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      say(filled(words().form.copied, { what }));
    } catch {
      say(words().form.noCopy, { bad: true });
    }
  };
  return (
    <button type="button" class="small" onClick={copy}>
      {words().form.copy}
      <span class="unseen"> {what}</span>
    </button>
  );
}
