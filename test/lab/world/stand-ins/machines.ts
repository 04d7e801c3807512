/** Machines that find what they are told elsewhere than by DHCP and a folder of documents: a link-local address, a host, a CD, the firmware. */
import { type Cloud, usual } from '../cloud.ts';
import { outsideAddress } from '../lab.ts';
import { base64, json, toAllWith } from './answers.ts';

const ethernets = ({ mac, address }: { readonly mac: string; readonly address: string }) => ({
  card: { match: { macaddress: mac }, addresses: [`${address}/24`], gateway4: outsideAddress },
});

/** A droplet asks its metadata service from a link-local address that it takes by itself. */
export const digitalocean: Cloud = {
  datasource: 'DigitalOcean',
  firmware: { sys_vendor: 'DigitalOcean', product_name: 'Droplet', product_serial: '4711' },
  services: [usual],
  dhcp: false,
  answers: ({ hostname, userData, mac, address, sshKey }) =>
    toAllWith(
      {},
      {
        'GET /metadata/v1.json': json({
          droplet_id: 4711,
          hostname,
          user_data: userData,
          vendor_data: '',
          public_keys: [sshKey],
          region: 'fra1',
          dns: { nameservers: [outsideAddress] },
          interfaces: {
            public: [
              {
                type: 'public',
                mac,
                ipv4: { ip_address: address, netmask: '255.255.255.0', gateway: outsideAddress },
              },
            ],
          },
          reserved_ip: { ipv4: { active: false } },
        }),
      },
    ),
};

/** VMware's host keeps variables for the machine, which a program of its tools reads. */
export const vmware: Cloud = {
  datasource: 'VMware',
  firmware: {
    sys_vendor: 'VMware, Inc.',
    product_name: 'VMware7,1',
    product_uuid: 'f00d4711-0000-4000-8000-000000000000',
  },
  virtualization: 'vmware',
  services: [],
  dhcp: false,
  answers: () => ({}),
  guestinfo: (instance) => ({
    metadata: json({
      'instance-id': 'f00d',
      'local-hostname': instance.hostname,
      'public-keys-data': instance.sshKey,
      network: { version: 2, ethernets: ethernets(instance) },
    }),
    userdata: base64(instance.userData),
    'userdata.encoding': 'base64',
  }),
};

/** A machine that was made of an OVF: vSphere shows it a CD with the properties that it was given. */
export const ovf: Cloud = {
  datasource: 'OVF',
  firmware: { ...vmware.firmware },
  virtualization: 'vmware',
  services: [],
  answers: () => ({}),
  seed: ({ hostname, userData, sshKey }) => {
    const text = ovfEnvironment({
      'instance-id': 'f00d',
      hostname,
      'public-keys': sshKey,
      'user-data': base64(userData),
    });
    // ds-identify and the datasource look for a seed in two places.
    return { 'ovf/ovf-env.xml': text, 'ovf-env.xml': text };
  },
};

/** As vSphere writes it (DMTF DSP0243, chapter 11). */
function ovfEnvironment(properties: Readonly<Record<string, string>>): string {
  const lines = Object.entries(properties).map(
    ([key, value]) => `    <Property oe:key="${key}" oe:value="${value}"/>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<Environment xmlns="http://schemas.dmtf.org/ovf/environment/1" xmlns:oe="http://schemas.dmtf.org/ovf/environment/1" oe:id="">
  <PropertySection>
${lines.join('\n')}
  </PropertySection>
</Environment>
`;
}

/** Any web server, at the address that the firmware's serial number says. */
export const nocloudByHttp: Cloud = {
  datasource: 'NoCloud',
  firmware: { product_serial: `ds=nocloud-net;s=http://${usual}/box/` },
  services: [usual],
  answers: ({ hostname, userData, sshKey }) =>
    toAllWith(
      {},
      {
        'GET /box/meta-data': json({
          'instance-id': 'f00d',
          'local-hostname': hostname,
          'public-keys': [sshKey],
        }),
        'GET /box/user-data': userData,
        'GET /box/vendor-data': '',
      },
    ),
};
