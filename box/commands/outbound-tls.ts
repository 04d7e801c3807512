/** `box outbound-tls`: the service that tells Postfix how each recipient's mail servers must be spoken to. */
import { once } from 'node:events';
import { decide } from '../outbound-tls/decide.ts';
import { fetchFromMachine } from '../outbound-tls/fetch-policy.ts';
import { MtaSts } from '../outbound-tls/mta-sts.ts';
import { PolicyCache } from '../outbound-tls/policy-cache.ts';
import { askResolver } from '../outbound-tls/resolver.ts';
import { serve } from '../outbound-tls/server.ts';
import { type Call, type Command, UsageError } from './command.ts';

const day = 86_400_000;

export const outboundTlsCommand: Command = {
  name: 'outbound-tls',
  operands: [],
  summary: 'the service behind smtp_tls_policy_maps: DANE, then MTA-STS (the init system runs it)',
  options: { port: { type: 'string' }, servername: { type: 'boolean' }, patterns: { type: 'boolean' } },
  optionHelp: {
    port: 'TCP port on 127.0.0.1',
    servername: 'this Postfix can name the server in the TLS handshake',
    patterns: 'this Postfix compares the patterns of a policy itself',
  },
  async run({ machine, options, say, now }: Call) {
    const port = Number(options.port);
    if (!(Number.isInteger(port) && port > 0 && port < 65536))
      throw new UsageError('--port takes a TCP port');
    const seconds = () => Math.floor(now().getTime() / 1000);
    const mtaSts = new MtaSts({
      ask: askResolver,
      fetchPolicy: (domain) => fetchFromMachine(machine, domain),
      cache: await PolicyCache.open(machine, seconds()),
      now: seconds,
      log: say,
    });
    const sources = {
      ask: askResolver,
      mtaSts,
      sendsServerName: options.servername === true,
      comparesPatterns: options.patterns === true,
    };
    const server = serve(async (key) => {
      const reply = await decide(key, sources);
      if (reply.status === 'OK') say(`${key}: ${reply.value}`);
      if (reply.status === 'TEMP') say(`${key}: later (${reply.reason})`);
      return reply;
    }, say);
    const refreshing = setInterval(() => {
      mtaSts.refresh().catch((error) => say(`refresh: ${error.message}`));
    }, day);
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    say(`listening on 127.0.0.1:${port}`);
    // Until the init system ends it. Whoever waits for an answer asks again.
    await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT'), once(server, 'error')]);
    clearInterval(refreshing);
    server.close();
    return 0;
  },
};
