/** A button that puts a text into the clipboard, and says so. */
import { say } from '../notice.ts';

export function Copy({ text, what }: { readonly text: string; readonly what: string }) {
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      say(`Copied: ${what}.`);
    } catch {
      say('The browser does not let this page copy: select the text and copy it by hand.', { bad: true });
    }
  };
  return (
    <button type="button" class="small" onClick={copy}>
      Copy<span class="unseen"> {what}</span>
    </button>
  );
}
