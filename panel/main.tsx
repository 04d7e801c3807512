/** Where the pages begin: who is logged in already, then the frame. */
import { render } from 'preact';
import { askJson } from './ask.ts';
import { Frame } from './frame.tsx';

const told = await askJson('GET /me').catch(() => undefined);
// The box's own name, and not the address that it was opened by; that one only where the box says nothing.
const hostname = told?.hostname ?? location.hostname;
render(<Frame known={told?.status === 'ok' ? told : undefined} hostname={hostname} />, document.body);
