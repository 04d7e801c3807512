/** The Packer templates of both releases, before the installed Packer: `packer validate`. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import anyTest from 'ava';
import { compile } from '../../builder/compile.ts';
import { loadConfig } from '../../builder/config/load.ts';
import { run } from '../../builder/host/run.ts';
import { qemuFlags } from '../../builder/outputs/packer/qemu.ts';

for (const config of ['example.yaml', 'examples/guide.yaml']) {
  anyTest(`the template of ${config} is valid`, async (t) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'letterbox-packer-'));
    const file = (name: string) => path.join(folder, name);
    try {
      const { imageFiles } = await compile(loadConfig(config).config);
      const template = imageFiles.find(({ path: name }) => name === 'packer/box.pkr.json');
      writeFileSync(file('box.pkr.json'), template?.content ?? '');
      for (const name of ['user-data', 'meta-data', 'base.qcow2']) writeFileSync(file(name), '');
      await run(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', file('key')]);
      const flags = qemuFlags({
        base: file('base.qcow2'),
        bake_dir: folder,
        output_dir: file('out'),
        provision_dir: path.resolve('packer/provision'),
        seed_user_data: file('user-data'),
        seed_meta_data: file('meta-data'),
        ssh_key: file('key'),
        apt_login: file('apt-login'),
        accelerator: 'tcg',
        cpu: 'max',
        cpus: '2',
        serial_log: file('serial.log'),
        pid_file: file('pid'),
        network: ',restrict=on',
      });
      await t.notThrowsAsync(
        run(['packer', 'validate', ...flags, file('box.pkr.json')], { env: { CHECKPOINT_DISABLE: '1' } }),
      );
      // The check can fail: without a variable that the template needs, it does.
      await t.throwsAsync(
        run(['packer', 'validate', ...flags.slice(1), file('box.pkr.json')], {
          env: { CHECKPOINT_DISABLE: '1' },
        }),
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}
