/**
 * Microsoft Azure: a metadata service (IMDS), a wire server that wants to hear that the machine is up, and a CD with what was said at
 * the launch. Linux mounts that; a container gets the file where cloud-init looks before it looks for the CD.
 */
import { type Cloud, usual } from '../cloud.ts';
import { base64, json, toAllWith } from './answers.ts';

const wireServer = '168.63.129.16';
const firmware = {
  sys_vendor: 'Microsoft Corporation',
  product_name: 'Virtual Machine',
  chassis_asset_tag: '7783-7084-3265-9085-8269-3286-77',
  product_uuid: 'f00d4711-0000-4000-8000-000000000000',
};

const goalState = `<?xml version="1.0" encoding="utf-8"?>
<GoalState>
  <Version>2012-11-30</Version>
  <Incarnation>1</Incarnation>
  <Machine><ExpectedState>Started</ExpectedState></Machine>
  <Container>
    <ContainerId>f00d-container</ContainerId>
    <RoleInstanceList><RoleInstance><InstanceId>f00d-role</InstanceId><State>Started</State></RoleInstance></RoleInstanceList>
  </Container>
</GoalState>
`;

/** What the machine says to the wire server once it has read all this. */
export const saidToBeReady = '<State>Ready</State>';

const answers =
  (userDataOfImds: boolean): Cloud['answers'] =>
  ({ hostname, userData, mac, address, publicAddress, sshKey }) => ({
    ...toAllWith(
      { Metadata: 'true' },
      {
        'GET /metadata/instance?api-version=2021-08-01&extended=true': json({
          compute: {
            location: 'westeurope',
            name: hostname,
            osProfile: { adminUsername: 'me', computerName: hostname, disablePasswordAuthentication: 'true' },
            publicKeys: [{ keyData: sshKey, path: '/home/me/.ssh/authorized_keys' }],
            vmId: firmware.product_uuid,
            ...(userDataOfImds ? { userData: base64(userData) } : {}),
          },
          network: {
            interface: [
              {
                macAddress: mac.replaceAll(':', '').toUpperCase(),
                ipv4: {
                  ipAddress: [{ privateIpAddress: address, publicIpAddress: publicAddress }],
                  subnet: [{ address: '10.66.0.0', prefix: '24' }],
                },
                ipv6: { ipAddress: [] },
              },
            ],
          },
        }),
      },
    ),
    ...toAllWith(
      { 'x-ms-agent-name': 'WALinuxAgent', 'x-ms-version': '2012-11-30' },
      { 'GET /machine/?comp=goalstate': goalState, 'POST /machine?comp=health': '' },
    ),
  });

const common = { datasource: 'Azure', firmware, services: [usual, wireServer], nat: true } as const;

/** `custom_data` of a launch is on the CD. */
export const azure: Cloud = {
  ...common,
  datasource: 'Azure',
  answers: answers(false),
  seed: ({ hostname, userData }) => ({
    'azure/ovf-env.xml': `<?xml version="1.0" encoding="utf-8"?>
<Environment xmlns="http://schemas.dmtf.org/ovf/environment/1" xmlns:wa="http://schemas.microsoft.com/windowsazure">
  <wa:ProvisioningSection>
    <wa:Version>1.0</wa:Version>
    <wa:LinuxProvisioningConfigurationSet>
      <wa:ConfigurationSetType>LinuxProvisioningConfiguration</wa:ConfigurationSetType>
      <wa:HostName>${hostname}</wa:HostName>
      <wa:UserName>me</wa:UserName>
      <wa:DisableSshPasswordAuthentication>true</wa:DisableSshPasswordAuthentication>
      <wa:CustomData>${base64(userData)}</wa:CustomData>
    </wa:LinuxProvisioningConfigurationSet>
  </wa:ProvisioningSection>
  <wa:PlatformSettingsSection>
    <wa:Version>1.0</wa:Version>
    <wa:PlatformSettings><wa:ProvisionGuestAgent>true</wa:ProvisionGuestAgent></wa:PlatformSettings>
  </wa:PlatformSettingsSection>
</Environment>
`,
  }),
};

/** `user_data` of a launch is in the metadata service; no CD is found. */
export const azureByImds: Cloud = { ...common, answers: answers(true) };
