/** `make lab`: the small internet with one box in it, to play with; Ctrl-C takes it all away again. */
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../builder/paths.ts';
import { Owned } from '../rig/artefacts.ts';
import { makeLab } from './world/lab.ts';
import { honest, pretender } from './world/senders.ts';

const say = (text: string) => void process.stdout.write(`${text}\n`);
const folder = path.join(projectRoot, 'test-artefacts', 'play');
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const owned = new Owned();

let leaving: Promise<void> | undefined;
function leave(code: number): Promise<void> {
  leaving ??= (async () => {
    say('taking the lab down');
    await owned.stop();
    rmSync(folder, { recursive: true, force: true });
    process.exit(code);
  })();
  return leaving;
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void leave(0));

try {
  const { box, mta, ca, owner, outside } = await makeLab({ folder, own: owned.own });
  const mine = await box('box', owner);
  await mine.start();
  const remotes = [
    await mta({ domain: 'dane.example', tls: 'self-signed', tlsa: 'matching' }),
    await mta({ domain: 'dane-mismatch.example', tls: 'self-signed', tlsa: 'another' }),
    await mta({ domain: 'sts.example', tls: 'lab-ca', mtaSts: { mode: 'enforce' } }),
    await mta({ domain: 'tls.example', tls: 'self-signed' }),
    await mta({ domain: 'clear.example', tls: 'none' }),
  ];
  const said = await mine.console.outcome();
  if (said.stage !== 'ready') throw new Error(`the box is not ready: ${said.error} (${said.hint})`);
  await mine.run(ca.install.script, ca.install.input);
  say(`
The lab is up. Nothing of it has a way out; Ctrl-C removes it.

box ${said.hostname}, ${mine.host}
  account    ${owner.email}, password ${owner.password}
  root       nsenter --all --target ${mine.leader} bash -l
  from outside, for example
    ip netns exec ${outside.name} swaks --server ${mine.host}:587 --tls --auth PLAIN --auth-user ${owner.email} --from ${owner.email} --to x@dane.example
    ip netns exec ${outside.name} openssl s_client -connect ${mine.host}:993 -servername ${said.hostname}

hosts outside (ip netns exec ${outside.name} bash): DNS and policies at 198.51.100.1
  ${honest.address}  sends as ${honest.helo}: PTR and SPF are right
  ${pretender.address}  says the same name: PTR and SPF are wrong
${remotes.map((it) => `  ${it.options.address}  takes mail for ${it.options.domain}: ${it.logFile}`).join('\n')}
`);
  setInterval(() => undefined, 60_000);
} catch (error) {
  say((error as Error).stack ?? String(error));
  await leave(1);
}
