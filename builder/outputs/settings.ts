/** `/etc/box/settings.json` as text: the contract's boot half. */
import { type Settings, settingsSchema } from '../../contract/settings.ts';

/** Checked once more on the way out: what leaves here, every box must take. */
export function settingsJson(settings: Settings): string {
  return `${JSON.stringify(settingsSchema.parse(settings), null, 1)}\n`;
}
