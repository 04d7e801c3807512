/** What is around every page: the box's name, the menu, what was done last, and the page that the address names. */
import { useEffect, useReducer, useState } from 'preact/hooks';
import type { Me } from '../contract/api.ts';
import { ask, session } from './ask.ts';
import { notice, say, unsay, watch } from './notice.ts';
import { pagesFor } from './pages/index.ts';
import { LogIn } from './pages/log-in.tsx';
import { NoticeBar } from './parts/notice-bar.tsx';
import { filled, language, words } from './words/spoken.ts';

const place = () => location.hash.replace(/^#\/?/, '');

export function Frame({ known, hostname }: { readonly known: Me | undefined; readonly hostname: string }) {
  const [me, setMe] = useState(known);
  const [path, setPath] = useState(place());
  const [menu, setMenu] = useState(false);
  // Unless a page knows better by now: as it was at the log-in.
  const [stepsLeft, setStepsLeft] = useState<boolean>();
  const { frame } = words();
  const [, redraw] = useReducer((n: number) => n + 1, 0);

  useEffect(() => watch(() => redraw(0)), []);
  useEffect(() => {
    const moved = () => {
      setMenu(false);
      unsay();
      setPath(place());
    };
    addEventListener('hashchange', moved);
    return () => removeEventListener('hashchange', moved);
  }, []);
  session.ended = ({ text, told }) => {
    // A password may be wrong before there is a session.
    if (me !== undefined)
      say(filled(frame.ended, { why: text }).trim(), { bad: true, ...(told === undefined ? {} : { told }) });
    setMe(undefined);
    setStepsLeft(undefined);
  };

  const mine = me === undefined ? [] : pagesFor(me);
  // A new box begins with its first steps. They stay where they are while they are looked at, also when the last is done.
  const first = mine.find((one) => one.path !== 'first-steps' || me?.first_steps);
  const page = mine.find((one) => one.path === path) ?? first;
  const listed = mine.filter(
    (one) => one.path !== 'first-steps' || one === page || (stepsLeft ?? me?.first_steps),
  );
  const title = page?.title ?? words().logIn.title;
  useEffect(() => {
    document.title = `${title} · ${hostname}`;
    document.documentElement.lang = language();
    // A screen reader goes on at the new page, and so does the keyboard.
    document.querySelector<HTMLElement>('h1')?.focus();
  }, [title]);

  const logOut = async () => {
    await ask('POST /logout').catch(() => '');
    setMe(undefined);
    setStepsLeft(undefined);
    say(frame.loggedOut);
  };
  const View = page?.view;
  return (
    <>
      <button type="button" class="skip" onClick={() => document.querySelector<HTMLElement>('h1')?.focus()}>
        {frame.skip}
      </button>
      <header>
        <span class="host">{hostname}</span>
        {me && (
          <>
            <button
              type="button"
              class="menu"
              aria-expanded={menu}
              aria-controls="menu"
              onClick={() => setMenu(!menu)}
            >
              {frame.menu}
            </button>
            <span class="me">{me.email}</span>
            <button type="button" onClick={logOut}>
              {frame.logOut}
            </button>
          </>
        )}
      </header>
      {me && (
        <nav id="menu" aria-label={frame.pages} class={menu ? 'open' : ''}>
          <ul>
            {listed.map((one) => (
              <li key={one.path}>
                <a href={`#/${one.path}`} aria-current={one === page ? 'page' : undefined}>
                  {one.title}
                </a>
              </li>
            ))}
          </ul>
        </nav>
      )}
      <main id="main" class={me ? '' : 'alone'}>
        <h1 tabIndex={-1}>{title}</h1>
        <NoticeBar notice={notice()} />
        {me === undefined || View === undefined ? (
          <LogIn done={setMe} />
        ) : (
          <View key={page?.path} me={me} stepsLeft={setStepsLeft} />
        )}
      </main>
    </>
  );
}
