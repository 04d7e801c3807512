/** Where the pages begin: who is logged in already, then the frame. */
import { render } from 'preact';
import { askJson } from './ask.ts';
import { Frame } from './frame.tsx';
import type { Me } from './me.ts';

const me = await askJson<Me & { status: string }>('GET /me').catch(() => undefined);
render(<Frame known={me?.status === 'ok' ? me : undefined} />, document.body);
