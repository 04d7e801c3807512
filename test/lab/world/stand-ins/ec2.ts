/** Amazon EC2: version 2 of its metadata service alone, of which every read needs a token that was fetched with PUT. */
import { type Cloud, usual } from '../cloud.ts';
import { json, oneKey, toAllWith, tree } from './answers.ts';

const uuid = 'ec2f00d0-1e77-e4b0-8000-0123456789ab';

export const ec2: Cloud = {
  datasource: 'Ec2',
  firmware: { sys_vendor: 'Amazon EC2', product_serial: uuid, product_uuid: uuid },
  services: [usual],
  nat: true,
  answers: ({ hostname, userData, mac, address, publicAddress, sshKey }) => {
    const metadata = {
      'ami-id': 'ami-0123456789abcdef0',
      'instance-id': 'i-0123456789abcdef0',
      'instance-type': 't3.micro',
      'local-hostname': hostname,
      'local-ipv4': address,
      'public-ipv4': publicAddress,
      'public-keys': oneKey(sshKey),
      mac,
      network: {
        interfaces: {
          macs: {
            [mac]: {
              'device-number': '0',
              'interface-id': 'eni-0123456789abcdef0',
              'local-ipv4s': address,
              mac,
              'subnet-ipv4-cidr-block': '10.66.0.0/24',
            },
          },
        },
      },
      placement: { 'availability-zone': 'eu-central-1a', region: 'eu-central-1' },
    };
    const version = '/2021-03-23';
    return {
      'PUT /latest/api/token': {
        text: 'of-this-boot',
        needs: { 'X-aws-ec2-metadata-token-ttl-seconds': '21600' },
      },
      ...toAllWith(
        { 'X-aws-ec2-metadata-token': 'of-this-boot' },
        {
          ...tree(`${version}/meta-data`, metadata),
          ...tree(`${version}/dynamic/instance-identity`, { document: json({ region: 'eu-central-1' }) }),
          [`GET ${version}/user-data`]: userData,
        },
      ),
    };
  },
};
