/** Where the pages begin: who is logged in already, then the frame. */
import { render } from 'preact';
import { askJson } from './ask.ts';
import { Frame } from './frame.tsx';

const me = await askJson('GET /me').catch(() => undefined);
render(<Frame known={me?.status === 'ok' ? me : undefined} />, document.body);
