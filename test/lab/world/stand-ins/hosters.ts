/** Hosters and clouds whose metadata service is a few documents: each is asked as its own documentation says. */
import { type Cloud, usual } from '../cloud.ts';
import { outsideAddress } from '../lab.ts';
import { base64, json, oneKey, toAllWith, tree } from './answers.ts';

export const hosters: Readonly<Record<string, Cloud>> = {
  'Akamai (Linode)': {
    datasource: 'Akamai',
    keepsKeys: true,
    keepsName: true,
    firmware: { sys_vendor: 'Akamai', product_serial: '4711' },
    services: [usual],
    answers: ({ hostname, userData }) => ({
      'PUT /v1/token': { text: 'of-this-boot', needs: { 'Metadata-Token-Expiry-Seconds': '300' } },
      ...toAllWith(
        { 'Metadata-Token': 'of-this-boot' },
        {
          'GET /v1/instance': json({ id: 4711, label: hostname, region: 'de-fra-2' }),
          'GET /v1/user-data': base64(userData),
        },
      ),
    }),
  },
  Hetzner: {
    datasource: 'Hetzner',
    firmware: { sys_vendor: 'Hetzner', product_name: 'vServer', product_serial: '4711' },
    services: [usual],
    answers: ({ hostname, userData, mac, sshKey }) =>
      toAllWith(
        {},
        {
          'GET /hetzner/v1/metadata/instance-id': '4711',
          // YAML, and JSON is that.
          'GET /hetzner/v1/metadata': json({
            'instance-id': 4711,
            hostname,
            'public-keys': [sshKey],
            'network-config': {
              version: 1,
              config: [
                { type: 'physical', name: 'eth0', mac_address: mac, subnets: [{ type: 'dhcp', ipv4: true }] },
              ],
            },
          }),
          'GET /hetzner/v1/userdata': userData,
        },
      ),
  },
  Vultr: {
    datasource: 'Vultr',
    firmware: { sys_vendor: 'Vultr', product_serial: '4711' },
    services: [usual],
    answers: ({ hostname, userData, mac, sshKey }) =>
      toAllWith(
        {},
        {
          // Whether it is there, cloud-init asks like this.
          'GET /': 'v1.json',
          'GET /v1.json': json({
            'instance-v2-id': 'f00d',
            instanceid: '4711',
            hostname,
            interfaces: [
              { mac, 'network-type': 'public', ipv4: { additional: [] }, ipv6: { additional: [] } },
            ],
            'public-keys': sshKey,
            region: { regioncode: 'FRA' },
            'user-data': userData,
            'vendor-data': null,
          }),
        },
      ),
  },
  Scaleway: {
    datasource: 'Scaleway',
    firmware: { sys_vendor: 'Scaleway' },
    services: ['169.254.42.42'],
    nat: true,
    answers: ({ hostname, userData, address, publicAddress, sshKey }) =>
      toAllWith(
        {},
        {
          // A newer cloud-init asks like this whether it is there.
          'GET /': 'api-metadata',
          'GET /conf?format=json': json({
            id: 'f00d',
            hostname,
            private_ip: address,
            // A server of the old kind: its address is a private one, and this leads to it.
            public_ip: { id: 'f00d', address: publicAddress, dynamic: false },
            public_ips: [],
            ipv6: null,
            ssh_public_keys: [{ key: sshKey }],
            tags: [],
          }),
          'GET /user_data/cloud-init': userData,
        },
      ),
  },
  Oracle: {
    datasource: 'Oracle',
    firmware: { chassis_asset_tag: 'OracleCloud.com', product_uuid: 'f00d4711-0000-4000-8000-000000000000' },
    services: [usual],
    answers: ({ hostname, userData, mac, address, sshKey }) =>
      toAllWith(
        { Authorization: 'Bearer Oracle' },
        {
          'GET /opc/v2/instance/': json({
            id: 'ocid1.instance.oc1..f00d',
            displayName: hostname,
            hostname,
            ociAdName: 'eu-frankfurt-1-ad-1',
            metadata: { user_data: base64(userData), ssh_authorized_keys: sshKey },
          }),
          'GET /opc/v2/vnics/': json([
            { macAddr: mac, privateIp: address, subnetCidrBlock: '198.51.100.0/24' },
          ]),
        },
      ),
  },
  OpenStack: {
    datasource: 'OpenStack',
    firmware: { product_name: 'OpenStack Nova', product_uuid: 'f00d4711-0000-4000-8000-000000000000' },
    services: [usual],
    answers: ({ hostname, userData, mac, sshKey }) =>
      toAllWith(
        {},
        {
          'GET /openstack': 'latest',
          'GET /openstack/latest/meta_data.json': json({
            uuid: 'f00d4711-0000-4000-8000-000000000000',
            hostname,
            name: hostname,
            public_keys: { mine: sshKey },
          }),
          'GET /openstack/latest/user_data': userData,
          'GET /openstack/latest/network_data.json': json({
            links: [{ id: 'tap0', type: 'ovs', ethernet_mac_address: mac, mtu: 1500, vif_id: 'tap0' }],
            networks: [{ id: 'network0', type: 'ipv4_dhcp', link: 'tap0', network_id: 'network0' }],
            services: [],
          }),
        },
      ),
  },
  'Google Compute Engine': {
    datasource: 'GCE',
    firmware: { sys_vendor: 'Google', product_name: 'Google Compute Engine' },
    services: [usual],
    answers: ({ hostname, userData, sshKey }) =>
      toAllWith(
        { 'Metadata-Flavor': 'Google' },
        {
          'GET /computeMetadata/v1/instance/id': '4711',
          'GET /computeMetadata/v1/instance/zone': 'projects/1/zones/europe-west3-a',
          'GET /computeMetadata/v1/instance/hostname': hostname,
          'GET /computeMetadata/v1/instance/attributes/?recursive=True': json({
            'user-data': userData,
            // Whoever has another name here is left to Google's own agent.
            'ssh-keys': `cloudinit:${sshKey}`,
          }),
          'GET /computeMetadata/v1/project/attributes/?recursive=True': '{}',
        },
      ),
  },
  UpCloud: {
    datasource: 'UpCloud',
    firmware: { sys_vendor: 'UpCloud', product_uuid: 'f00d4711-0000-4000-8000-000000000000' },
    services: [usual],
    answers: ({ hostname, userData, mac, address, sshKey }) =>
      toAllWith(
        {},
        {
          'GET /metadata/v1.json': json({
            cloud_name: 'upcloud',
            instance_id: 'f00d4711-0000-4000-8000-000000000000',
            hostname,
            user_data: userData,
            vendor_data: '',
            public_keys: [sshKey],
            region: 'de-fra1',
            network: {
              interfaces: [
                {
                  index: 1,
                  mac,
                  network_id: 'f00d',
                  type: 'public',
                  ip_addresses: [
                    {
                      address,
                      family: 'IPv4',
                      dhcp: true,
                      dns: [],
                      gateway: outsideAddress,
                      network: '198.51.100.0/24',
                    },
                  ],
                },
              ],
              dns: [],
            },
          }),
        },
      ),
  },
  Exoscale: {
    datasource: 'Exoscale',
    firmware: { sys_vendor: 'Exoscale', product_name: 'Exoscale Compute Platform' },
    services: [usual],
    answers: ({ hostname, userData, sshKey }) =>
      toAllWith(
        {},
        {
          ...tree('/1.0/meta-data', {
            'instance-id': 'f00d',
            'local-hostname': hostname,
            'public-keys': oneKey(sshKey),
          }),
          'GET /1.0/user-data': userData,
        },
      ),
  },
};
