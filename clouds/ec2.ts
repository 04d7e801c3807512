/** Amazon EC2. */
import { amazonEbs, amazonEbsSurrogate } from './amazon-builders.ts';
import { type Cloud, readIn, unchecked } from './cloud.ts';
import { rootDisks } from './devices.ts';
import type { ImportCommands } from './import-command.ts';

const commands: ImportCommands = {
  first: 'The AWS CLI knows who you are, and the account has the role vmimport, which may read the bucket.',
  fill: { bucket: 'a bucket of yours in that region' },
  steps: [
    {
      does: 'the disk goes to the bucket',
      argv: ['aws', 's3', 'cp', '{file}', 's3://{bucket}/{object}', '--region', '{region}'],
      undo: ['aws', 's3', 'rm', 's3://{bucket}/{object}', '--region', '{region}'],
    },
    {
      does: 'a snapshot is made of it',
      argv: [
        'aws',
        'ec2',
        'import-snapshot',
        '--region',
        '{region}',
        '--description',
        '{image}',
        '--disk-container',
        'Format=RAW,UserBucket={S3Bucket={bucket},S3Key={object}}',
        '--query',
        'ImportTaskId',
        '--output',
        'text',
      ],
      undo: ['aws', 'ec2', 'cancel-import-task', '--region', '{region}', '--import-task-id', '{task}'],
      gives: 'task',
    },
    {
      does: 'the snapshot is waited for',
      argv: [
        'aws',
        'ec2',
        'wait',
        'snapshot-imported',
        '--region',
        '{region}',
        '--import-task-ids',
        '{task}',
      ],
    },
    {
      does: 'its id is asked for',
      argv: [
        'aws',
        'ec2',
        'describe-import-snapshot-tasks',
        '--region',
        '{region}',
        '--import-task-ids',
        '{task}',
        '--query',
        'ImportSnapshotTasks[0].SnapshotTaskDetail.SnapshotId',
        '--output',
        'text',
      ],
      undo: ['aws', 'ec2', 'delete-snapshot', '--region', '{region}', '--snapshot-id', '{snapshot}'],
      gives: 'snapshot',
      gone: 'task',
    },
    {
      does: 'the image is registered',
      argv: [
        'aws',
        'ec2',
        'register-image',
        '--region',
        '{region}',
        '--name',
        '{image}',
        '--architecture',
        'x86_64',
        '--virtualization-type',
        'hvm',
        '--ena-support',
        '--root-device-name',
        '/dev/xvda',
        '--block-device-mappings',
        'DeviceName=/dev/xvda,Ebs={SnapshotId={snapshot},VolumeType=gp3}',
        '--query',
        'ImageId',
        '--output',
        'text',
      ],
      undo: ['aws', 'ec2', 'deregister-image', '--region', '{region}', '--image-id', '{ami}'],
      gives: 'ami',
    },
    {
      does: 'the disk is removed from the bucket',
      argv: ['aws', 's3', 'rm', 's3://{bucket}/{object}', '--region', '{region}'],
    },
  ],
};

import { ec2Launch } from './launch/ec2.ts';

export const ec2 = {
  name: 'ec2',
  title: 'Amazon EC2',
  builders: [amazonEbs, amazonEbsSurrogate],
  bases: {
    'debian-12': {
      user: 'admin',
      options: {
        source_ami_filter: {
          filters: { name: 'debian-12-amd64-*', 'virtualization-type': 'hvm', 'root-device-type': 'ebs' },
          owners: ['136693071363'],
          most_recent: true,
        },
      },
    },
    'debian-13': {
      user: 'admin',
      options: {
        source_ami_filter: {
          filters: { name: 'debian-13-amd64-*', 'virtualization-type': 'hvm', 'root-device-type': 'ebs' },
          owners: ['136693071363'],
          most_recent: true,
        },
      },
    },
    'ubuntu-14.04': {
      user: 'ubuntu',
      options: {
        source_ami_filter: {
          filters: {
            name: 'ubuntu/images/hvm-ssd/ubuntu-trusty-14.04-amd64-server-*',
            'virtualization-type': 'hvm',
            'root-device-type': 'ebs',
          },
          owners: ['099720109477'],
          most_recent: true,
        },
      },
    },
  },
  userData: { limit: 16 * 1024, counts: 'raw' },
  launch: {
    ...ec2Launch,
    source: readIn('terraform-provider-aws, website/docs; what is optional in part from common knowledge'),
  },
  import: {
    format: 'raw',
    way: 'the disk goes to S3, `aws ec2 import-snapshot` makes a snapshot of it and `register-image` an image; ImportImage would change the disk, and refuses one with an EFI partition',
    commands,
  },
  datasource: 'Ec2',
  firmware: { sys_vendor: ['Amazon EC2'] },
  met: 'machine',
  port25: {
    out: 'closed until asked for',
    opening: "send Amazon's form for it, which sets the reverse name as well",
  },
  port53: 'only its firewall',
  reverseName:
    "of an Elastic IP, once the name leads to it: by Amazon's form or its API; of IPv6 not by the API",
  ipv6: 'where the subnet has it',
  devices: { boot: '/dev/nvme0n1', network: 'ens5' },
  rootDisks,
  sources: {
    builders: readIn('hashicorp/packer-plugin-amazon 5028903a; hashicorp/packer v1.6.6, builder/amazon'),
    bases: unchecked(),
    userData: unchecked(),
    import: readIn(
      'docs.aws.amazon.com, VM Import; siderolabs/docs, aws.mdx; coreos/coreos-assembler issue 2140',
    ),
    commands: readIn(
      'docs.aws.amazon.com, AWS CLI, ec2 wait snapshot-imported and import-snapshot',
      '2026-11-29',
    ),
    datasource: readIn('cloud-init 22.4.2 of Debian 12, cloudinit/sources'),
    port25: readIn('docs.aws.amazon.com, ec2-port-25-throttle'),
    port53: readIn('looked for, and nothing found against it'),
    reverseName: readIn('terraform-provider-aws, aws_eip_domain_name'),
    ipv6: readIn('terraform-provider-aws, aws_instance'),
    devices: unchecked(),
  },
} as const satisfies Cloud;
