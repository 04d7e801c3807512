/** The templates for clouds: what the builder is told, as whom the steps are run, and that no secret is in them. */
import test from 'ava';
import { cloudTemplate } from '../../../../../builder/outputs/packer/cloud.ts';
import { packerPlugins } from '../../../../../builder/outputs/packer/template.ts';
import type { Cloud } from '../../../../../clouds/cloud.ts';
import { cloudOf, clouds } from '../../../../../clouds/index.ts';
import { debian12 } from '../../../../../releases/debian-12.ts';

const made = { image: 'mail', diskGiB: 16 };
const boxOf = (cloud: Cloud, section: Record<string, unknown>) => {
  const { source, build } = cloudTemplate(made, debian12, cloud, section);
  const [[type, inner] = []] = Object.entries(source);
  return { type, box: inner?.box ?? {}, provisioner: build[0].provisioner };
};
const shellOf = (provisioner: readonly Readonly<Record<string, unknown>>[]) =>
  provisioner.at(-1)?.shell as {
    inline: string[];
    environment_vars: string[];
    execute_command?: string;
    script?: string;
  };

test("a section's options go into the source, over the defaults and the release's base", (t) => {
  const { type, box } = boxOf(cloudOf('hetzner'), { server_type: 'cx23', location: 'fsn1' });
  t.is(type, 'hcloud');
  t.deepEqual(box, {
    snapshot_name: 'mail-{{timestamp}}',
    snapshot_labels: { letterbox: 'mail' },
    image: 'debian-12',
    server_type: 'cx23',
    location: 'fsn1',
    communicator: 'ssh',
    ssh_username: 'root',
    ssh_timeout: '15m',
  });
  const own = boxOf(cloudOf('hetzner'), { image_filter: { with_selector: ['a=b'] }, snapshot_name: 'mine' });
  t.is(own.box.image, undefined, 'what the config begins with is not mixed with the base');
  t.is(own.box.snapshot_name, 'mine');
});

test('root runs the steps as they are; another goes by sudo, and is named to the steps, which remove it', (t) => {
  const root = shellOf(boxOf(cloudOf('hetzner'), {}).provisioner);
  t.is(root.execute_command, undefined);
  t.false(root.environment_vars.some((text) => text.startsWith('LETTERBOX_ACCOUNT')));
  const { provisioner } = boxOf(cloudOf('ec2'), {});
  const admin = shellOf(provisioner);
  t.regex(admin.execute_command ?? '', /sudo env \{\{ \.Vars \}\} \{\{ \.Path \}\}/);
  t.true(admin.environment_vars.includes('LETTERBOX_ACCOUNT=admin'));
  t.is(admin.inline[1], 'mv /tmp/letterbox /root/bake');
  t.deepEqual(admin.inline.slice(3), root.inline, 'the same steps');
  t.deepEqual(provisioner[1], { file: { source: '${var.bake_dir}/', destination: '/tmp/letterbox' } });
});

test('amazon-ebssurrogate is given the disk that was baked here', (t) => {
  const { type, box, provisioner } = boxOf(cloudOf('ec2'), { builder: 'amazon-ebssurrogate' });
  t.is(type, 'amazon-ebssurrogate');
  t.is(box.builder, undefined, 'our own key stays here');
  const [volume] = box.launch_block_device_mappings as { volume_size: number }[];
  t.is(volume?.volume_size, made.diskGiB, 'a volume that it fits');
  t.deepEqual(provisioner[0], { file: { source: '${var.disk}', destination: '/tmp/letterbox.raw.gz' } });
  t.is(shellOf(provisioner).script, '${var.write_disk}');
});

test('a secret is a variable that Packer hides, filled from the environment', (t) => {
  const { variable, source } = cloudTemplate(made, debian12, cloudOf('azure'), {});
  t.deepEqual(variable.client_secret, {
    type: 'string',
    sensitive: true,
    default: '${env("ARM_CLIENT_SECRET")}',
  });
  t.is(source['azure-arm']?.box.client_secret, '${var.client_secret}');
});

test("the config's words are never a template of HCL's", (t) => {
  const { box } = boxOf(cloudOf('hetzner'), {
    server_name: '${env("HCLOUD_TOKEN")}',
    snapshot_labels: { a: '%{ if x }' },
  });
  t.is(box.server_name, '$${env("HCLOUD_TOKEN")}');
  t.deepEqual(box.snapshot_labels, { a: '%%{ if x }' });
});

test('each template has one source and one build of it, so that nothing need be chosen with -only', (t) => {
  for (const cloud of clouds)
    for (const { type } of cloud.builders) {
      const { source, build } = cloudTemplate(made, debian12, cloud, { builder: type });
      t.deepEqual(Object.keys(source), [type]);
      t.deepEqual(
        build.map(({ sources }) => sources),
        [[`source.${type}.box`]],
      );
    }
});

test("newer Packers are told each builder's plug-in, in a file of its own", (t) => {
  t.deepEqual(packerPlugins({ name: 'x', source: 'example.net/a/x', version: '>= 1.0.0' }), {
    packer: { required_plugins: { x: { version: '>= 1.0.0', source: 'example.net/a/x' } } },
  });
  for (const { builders } of clouds)
    for (const { plugin } of builders) t.true(plugin.source.endsWith(`/${plugin.name}`), plugin.source);
});
