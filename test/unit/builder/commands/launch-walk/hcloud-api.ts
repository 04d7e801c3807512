/**
 * A stand-in for Hetzner Cloud's API: it answers as docs.hetzner.cloud says, refuses what would be refused there as far as a box depends on
 * it, and records every request. Fields of requests and answers: hcloud-go, hcloud/schema, read 2026-11-29.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

type Fields = Readonly<Record<string, unknown>>;

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: Fields;
}

export interface Api {
  readonly url: string;
  readonly asked: readonly Asked[];
  /** All that is there now, by its path: `servers/7`. */
  readonly there: ReadonlyMap<string, Fields>;
  readonly close: () => void;
}

class Refusal extends Error {}

/** `snapshots`: the IDs of the images that the project has. */
export async function hcloudApi(token: string, snapshots: readonly number[]): Promise<Api> {
  const asked: Asked[] = [];
  const there = new Map<string, Fields>();
  const server = createServer(async (request, response) => {
    const answer = (status: number, body: object) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    if (request.headers.authorization !== `Bearer ${token}`) return answer(401, {});
    const path = (request.url ?? '').replace('/v1/', '');
    const one = { method: request.method ?? '', path, body: await bodyOf(request) };
    asked.push(one);
    try {
      answer(201, answered(one, asked.length, there, snapshots));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      answer(422, { error: { message: error.message } });
    }
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/v1`, asked, there, close: () => server.close() };
}

function answered(
  { method, path, body }: Asked,
  next: number,
  there: Map<string, Fields>,
  snapshots: readonly number[],
): object {
  const [kind = '', id, , action] = path.split('/');
  if (id === undefined && method === 'POST') {
    const own = `${kind}/${next}`;
    for (const [other, { name }] of there)
      if (other.startsWith(`${kind}/`) && name === body.name) throw new Refusal(`${String(name)} is taken`);
    const made = makers[kind]?.(body, { there, snapshots, id: next });
    if (made === undefined) throw new Refusal(`no such path: ${path}`);
    there.set(own, { ...body, ...made, id: next });
    return { [kind.replace(/s$/, '')]: there.get(own) };
  }
  const found = needed(there, `${kind}/${id}`);
  if (method === 'DELETE') {
    there.delete(`${kind}/${id}`);
    for (const [other, fields] of there)
      if (kind === 'servers' && fields.assignee_id === Number(id)) {
        if (fields.auto_delete === true) there.delete(other);
        else there.set(other, { ...fields, assignee_id: null });
      }
    return {};
  }
  there.set(`${kind}/${id}`, { ...found, ...changed(action ?? '', body, found, there) });
  return { action: { status: 'success' } };
}

interface Project {
  readonly there: Map<string, Fields>;
  readonly snapshots: readonly number[];
  /** Of what is being made. */
  readonly id: number;
}

type Maker = (body: Fields, project: Project) => Fields;

const makers: Readonly<Record<string, Maker>> = {
  primary_ips: ({ type }) => ({
    ip: type === 'ipv4' ? '203.0.113.5' : '2001:db8:5:6::/64',
    assignee_id: null,
  }),
  volumes: ({ size, name }) => {
    if (!(Number(size) >= 10)) throw new Refusal('a volume has 10 GB at least');
    return { server: null, linux_device: `/dev/disk/by-id/scsi-0HC_Volume_${String(name).length}4711` };
  },
  firewalls: () => ({}),
  servers: (body, { there, snapshots, id: own }) => {
    if (!/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)*[a-z0-9-]+$/.test(String(body.name)))
      throw new Refusal('the name is no host name');
    if (!snapshots.includes(Number(body.image))) throw new Refusal(`there is no image ${String(body.image)}`);
    if (Buffer.byteLength(String(body.user_data)) > 32_768) throw new Refusal('the user data is too long');
    for (const { firewall } of body.firewalls as { firewall: number }[])
      needed(there, `firewalls/${firewall}`);
    const net = body.public_net as { ipv4: number; ipv6: number };
    for (const [type, id] of [['ipv4', net.ipv4] as const, ['ipv6', net.ipv6] as const]) {
      const address = needed(there, `primary_ips/${id}`);
      if (address.type !== type || address.location !== body.location || address.assignee_id !== null)
        throw new Refusal(`the address ${id} can't be this server's ${type}`);
      there.set(`primary_ips/${id}`, { ...address, assignee_id: own });
    }
    return {};
  },
};

function changed(action: string, body: Fields, found: Fields, there: Map<string, Fields>): Fields {
  if (action === 'change_dns_ptr') return { dns_ptr: [body] };
  if (action === 'detach') return { server: null };
  if (action !== 'attach') throw new Refusal(`no such action: ${action}`);
  const server = needed(there, `servers/${String(body.server)}`);
  if (found.server !== null || server.location !== found.location)
    throw new Refusal('the volume is elsewhere, or is attached');
  return { server: body.server };
}

function needed(there: ReadonlyMap<string, Fields>, path: string): Fields {
  const found = there.get(path);
  if (found === undefined) throw new Refusal(`there is no ${path}`);
  return found;
}

async function bodyOf(request: IncomingMessage): Promise<Fields> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const text = Buffer.concat(parts).toString();
  return text === '' ? {} : (JSON.parse(text) as Fields);
}
