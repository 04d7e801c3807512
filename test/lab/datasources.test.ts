/**
 * The clouds whose user-data comes from a metadata service: each is asked as its own documentation says, and what it tells makes the
 * box. EC2's is met in a virtual machine, by first-boot.test.ts; config drives and NoCloud are met there and in closed.test.ts.
 */
import path from 'node:path';
import anyTest from 'ava';
import { artefacts } from '../rig/artefacts.ts';
import { cloudInitResult, cloudInitSoFar } from '../rig/cloud-init.ts';
import { type Answers, type Cloud, disguise, type Instance, runCloud } from './world/cloud.ts';
import { makeLab, outsideAddress } from './world/lab.ts';

const test = anyTest.serial;
const kept = artefacts(anyTest, 'lab-datasources');
const lab = makeLab(kept);

const service = '169.254.169.254';
const json = (value: unknown): string => JSON.stringify(value);
const base64 = (text: string): string => Buffer.from(text).toString('base64');
/** The same answers to all who send these headers. */
const toAllWith = (
  needs: Readonly<Record<string, string>>,
  texts: Readonly<Record<string, string>>,
): Answers => Object.fromEntries(Object.entries(texts).map(([request, text]) => [request, { text, needs }]));

const clouds: Readonly<Record<string, Cloud>> = {
  'Akamai (Linode)': {
    datasource: 'Akamai',
    firmware: { sys_vendor: 'Akamai', product_serial: '4711' },
    service,
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
    service,
    answers: ({ hostname, userData, mac }) =>
      toAllWith(
        {},
        {
          'GET /hetzner/v1/metadata/instance-id': '4711',
          // YAML, and JSON is that.
          'GET /hetzner/v1/metadata': json({
            'instance-id': 4711,
            hostname,
            'public-keys': [],
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
    service,
    answers: ({ hostname, userData, mac }) =>
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
            'public-keys': '',
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
    service: '169.254.42.42',
    answers: ({ hostname, userData, address }) =>
      toAllWith(
        {},
        {
          // A newer cloud-init asks like this whether it is there.
          'GET /': 'api-metadata',
          'GET /conf?format=json': json({
            id: 'f00d',
            hostname,
            private_ip: null,
            public_ips: [
              { address, family: 'inet', netmask: '32', gateway: '62.210.0.1', provisioning_mode: 'dhcp' },
            ],
            ipv6: null,
            ssh_public_keys: [],
            tags: [],
          }),
          'GET /user_data/cloud-init': userData,
        },
      ),
  },
  Oracle: {
    datasource: 'Oracle',
    firmware: { chassis_asset_tag: 'OracleCloud.com', product_uuid: 'f00d4711-0000-4000-8000-000000000000' },
    service,
    answers: ({ hostname, userData, mac, address }) =>
      toAllWith(
        { Authorization: 'Bearer Oracle' },
        {
          'GET /opc/v2/instance/': json({
            id: 'ocid1.instance.oc1..f00d',
            displayName: hostname,
            hostname,
            ociAdName: 'eu-frankfurt-1-ad-1',
            metadata: { user_data: base64(userData) },
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
    service,
    answers: ({ hostname, userData, mac }) =>
      toAllWith(
        {},
        {
          'GET /openstack': 'latest',
          'GET /openstack/latest/meta_data.json': json({
            uuid: 'f00d4711-0000-4000-8000-000000000000',
            hostname,
            name: hostname,
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
    service,
    answers: ({ hostname, userData }) =>
      toAllWith(
        { 'Metadata-Flavor': 'Google' },
        {
          'GET /computeMetadata/v1/instance/id': '4711',
          'GET /computeMetadata/v1/instance/zone': 'projects/1/zones/europe-west3-a',
          'GET /computeMetadata/v1/instance/hostname': hostname,
          'GET /computeMetadata/v1/instance/attributes/?recursive=True': json({ 'user-data': userData }),
          'GET /computeMetadata/v1/project/attributes/?recursive=True': '{}',
        },
      ),
  },
  UpCloud: {
    datasource: 'UpCloud',
    firmware: { sys_vendor: 'UpCloud', product_uuid: 'f00d4711-0000-4000-8000-000000000000' },
    service,
    answers: ({ hostname, userData, mac, address }) =>
      toAllWith(
        {},
        {
          'GET /metadata/v1.json': json({
            cloud_name: 'upcloud',
            instance_id: 'f00d4711-0000-4000-8000-000000000000',
            hostname,
            user_data: userData,
            vendor_data: '',
            public_keys: [],
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
    service,
    answers: ({ hostname, userData }) =>
      toAllWith(
        {},
        {
          'GET /1.0/meta-data/': 'instance-id\nlocal-hostname',
          'GET /1.0/meta-data/instance-id': 'f00d',
          'GET /1.0/meta-data/local-hostname': hostname,
          'GET /1.0/user-data': userData,
        },
      ),
  },
};

for (const [index, [title, cloud]] of Object.entries(clouds).entries()) {
  test(`${title}: its metadata service makes the box, and a later boot asks it for the network again`, async (t) => {
    const { box: makeBox, owner } = await lab;
    const box = await makeBox(cloud.datasource.toLowerCase(), owner);
    await box.lay(disguise);
    const { address, mac, documents } = box.options;
    const hostname = 'as-the-cloud-says';
    const instance: Instance = { hostname, userData: documents.userData, mac, address };
    const running = await runCloud(await lab, path.join(kept.folder, cloud.datasource), cloud, instance);
    const isSetUp = async () => {
      await box.console.match(/Letterbox: box\.example\.com is set up/);
      const { datasource, errors } = await cloudInitSoFar(box);
      t.regex(datasource, new RegExp(`^DataSource${cloud.datasource}`));
      t.deepEqual(errors, []);
    };
    try {
      await box.start(running);
      await isSetUp();
      // Some clouds say what the card is to be called.
      t.regex(await box.run('ip -4 -oneline address show up scope global'), new RegExp(` ${address}/24 `));
      t.true((await box.run('cat /root/.ssh/authorized_keys')).includes(owner.sshPublicKey));
      // From there on every box is like every other: the services know of no cloud.
      if (index === 0) {
        const said = await box.console.outcome();
        t.is(said.stage, 'ready', `${said.step}: ${said.error}`);
        t.deepEqual((await cloudInitResult(box)).errors, []);
      }
      await box.kill();
      await box.start(running);
      await isSetUp();
    } finally {
      await box.stop();
      await running.stop();
    }
  });
}
