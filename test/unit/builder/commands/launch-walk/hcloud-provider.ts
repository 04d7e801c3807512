/**
 * What the provider `hetznercloud/hcloud` asks of the API for each resource of the launch module, by its documents (docs/resources) and
 * hcloud-go (hcloud/schema), read 2026-11-29. An argument that it has no use for here is an error.
 */
import type { Kind, Values } from './apply.ts';

type Answer = Readonly<Record<string, Values & { readonly id: number }>>;

export function hcloudProvider(url: string, token: string): Readonly<Record<string, Kind>> {
  const ask = async (method: string, path: string, body?: object): Promise<Answer> => {
    const response = await fetch(`${url}/${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as Answer & { error?: { message: string } };
    if (!response.ok) throw new Error(`${method} ${path}: ${answer.error?.message ?? response.status}`);
    return answer;
  };
  const gone = (path: string) => async (attributes: Values) => {
    await ask('DELETE', `${path}/${String(attributes.id)}`);
  };

  return {
    hcloud_primary_ip: {
      replacedBy: ['type', 'location'],
      create: async (values) => {
        const body = only(values, ['name', 'type', 'assignee_type', 'auto_delete', 'location']);
        const { primary_ip: made } = await ask('POST', 'primary_ips', body);
        const ip = String(made?.ip);
        return values.type === 'ipv6'
          ? { id: made?.id, ip_address: ip.replace(/\/64$/, ''), ip_network: ip }
          : { id: made?.id, ip_address: ip };
      },
      destroy: gone('primary_ips'),
    },
    hcloud_volume: {
      replacedBy: ['location'],
      create: async (values) => {
        const { volume } = await ask('POST', 'volumes', only(values, ['name', 'size', 'location']));
        return { id: volume?.id, linux_device: volume?.linux_device };
      },
      destroy: gone('volumes'),
    },
    hcloud_firewall: {
      replacedBy: [],
      create: async (values) => {
        const { name, rule } = only(values, ['name', 'rule']);
        const { firewall } = await ask('POST', 'firewalls', { name, rules: rule });
        return { id: firewall?.id };
      },
      destroy: gone('firewalls'),
    },
    hcloud_server: {
      replacedBy: ['image', 'user_data', 'location', 'public_net', 'firewall_ids'],
      create: async (values) => {
        const { shutdown_before_deletion: _, firewall_ids, public_net, ...rest } = values;
        const { ipv4_enabled, ipv4, ipv6_enabled, ipv6 } = public_net as Values;
        const { server } = await ask('POST', 'servers', {
          ...only(rest, ['name', 'server_type', 'location', 'image', 'user_data']),
          firewalls: (firewall_ids as number[]).map((firewall) => ({ firewall })),
          public_net: { enable_ipv4: ipv4_enabled, ipv4, enable_ipv6: ipv6_enabled, ipv6 },
        });
        return { id: server?.id };
      },
      destroy: gone('servers'),
    },
    hcloud_volume_attachment: {
      replacedBy: ['volume_id', 'server_id'],
      create: async (values) => {
        const { volume_id, server_id, automount } = only(values, ['volume_id', 'server_id', 'automount']);
        await ask('POST', `volumes/${String(volume_id)}/actions/attach`, { server: server_id, automount });
        return { id: volume_id };
      },
      destroy: async ({ volume_id }) => {
        await ask('POST', `volumes/${String(volume_id)}/actions/detach`, {});
      },
    },
    hcloud_rdns: {
      replacedBy: ['primary_ip_id', 'ip_address'],
      create: async (values) => {
        const {
          primary_ip_id,
          ip_address: ip,
          dns_ptr,
        } = only(values, ['primary_ip_id', 'ip_address', 'dns_ptr']);
        await ask('POST', `primary_ips/${String(primary_ip_id)}/actions/change_dns_ptr`, { ip, dns_ptr });
        return {};
      },
      destroy: async () => {},
    },
  };
}

function only(values: Values, known: readonly string[]): Values {
  const strange = Object.keys(values).filter((key) => !known.includes(key));
  if (strange.length > 0) throw new Error(`nobody here knows the argument ${strange.join(', ')}`);
  return values;
}
