/** Where the pages begin: who is logged in already, and the language; then the frame. */
import { render } from 'preact';
import { askJson } from './ask.ts';
import { Frame } from './frame.tsx';
import { languageOf, speak } from './words/spoken.ts';

const [told] = await Promise.all([
  askJson('GET /me').catch(() => undefined),
  speak(languageOf(navigator.languages)),
]);
// The box's own name, and not the address that it was opened by; that one only where the box says nothing.
const hostname = told?.hostname ?? location.hostname;
render(<Frame known={told?.status === 'ok' ? told : undefined} hostname={hostname} />, document.body);
