/** One's own account: how full the mailbox is, what leads there, how devices are set up, their passwords, and one's own. */
import type { Me } from '../../contract/api.ts';
import { askJson } from '../ask.ts';
import { useLoaded } from '../parts/use-loaded.ts';
import { Waiting } from '../parts/waiting.tsx';
import { filled, language, words } from '../words/spoken.ts';
import { sizeOf } from '../words/times.ts';
import { AppPasswords } from './app-passwords.tsx';
import { OwnPassword } from './own-password.tsx';
import { OwnSessions } from './own-sessions.tsx';

export function Account({ me }: { readonly me: Me }) {
  const { account: said } = words();
  const loaded = useLoaded(() => askJson('GET /me/account'));
  const own = loaded.data;
  if (own === undefined) return <Waiting of={loaded} />;
  const [size, limit] = [own.mailbox_size, own.mailbox_limit];
  const percent = limit === 0 ? 0 : Math.round((100 * size) / limit);
  return (
    <>
      <section>
        <h2>{said.mailbox}</h2>
        <p>
          {filled(limit === 0 ? said.size : said.sizeOf, {
            size: sizeOf(size),
            limit: sizeOf(limit),
            percent: String(percent),
          })}
        </p>
        {own.aliases.length === 0 ? (
          <p>{said.noAliases}</p>
        ) : (
          <>
            <p>{said.aliases}</p>
            <ul class="plain">
              {own.aliases.map((alias) => (
                <li key={alias}>
                  <code>{alias}</code>
                </li>
              ))}
            </ul>
          </>
        )}
        {me.webmail && (
          <p>
            <a href="/mail/?_task=settings">{said.filters}</a>
          </p>
        )}
      </section>
      <AppPasswords own={own} changed={loaded.again} />
      <section>
        <h2>{said.setUp}</h2>
        <p>
          {said.setUpText} <a href={`/set-up?lang=${language()}`}>{said.setUpLink}</a>
        </p>
        <p>{said.profileText}</p>
        <img class="qr" alt={said.qr} src={`data:image/png;base64,${own.profile.qr_code_base64}`} />
        <p>
          <a href={own.profile.url}>{said.profileLink}</a>
        </p>
      </section>
      <OwnPassword />
      <OwnSessions count={own.sessions} />
    </>
  );
}
