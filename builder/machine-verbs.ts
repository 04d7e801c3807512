/** The verbs of `letterbox` about the machine that QEMU runs here: boot, upgrade, stop, demo. */
import type { Command } from 'commander';
import * as say from './commands/say.ts';
import { compile, lockOf } from './compile.ts';
import { loadConfig } from './config/load.ts';
import { Progress, type ProgressEvent } from './host/progress.ts';
import { command } from './paths.ts';

export function machineVerbs(
  program: Command,
  outOf: (name: string) => string,
  emit: (event: ProgressEvent, remaining: number) => void,
): void {
  program
    .command('boot')
    .description('runs the baked image in QEMU, in the background; its disk is kept for the next boot')
    .argument('<config>')
    .option('--fresh', 'begin with an empty box: the mail and the keys of an earlier boot are deleted')
    .option('--json', 'ports and fingerprints as JSON')
    .action(async (file: string, { fresh = false, json }: { fresh?: boolean; json?: true }) => {
      const { seedOf } = await import('./commands/demo.ts');
      const { bootMachine, isOutdated, machine } = await import('./vm/boot.ts');
      const compiled = await compile(loadConfig(file).config);
      const out = outOf(compiled.plan.name);
      const vm = machine(out, compiled.plan.name);
      const progress = new Progress(emit, [75]);
      const booted = await progress.step({
        title: 'boot',
        expected: 75,
        run: (report) =>
          bootMachine(vm, compiled, seedOf(compiled), fresh ? 'fresh' : 'newest', report, {
            stop: `${command} stop ${file}`,
          }),
      });
      if (isOutdated(vm))
        progress.notice('this machine still runs an older image; --fresh begins with the new one');
      if (json) say.json(booted);
      else say.booted(booted, { console: vm.serialLog, stop: `${command} stop ${file}` });
      if (booted.report.stage === 'failed') process.exitCode = 1;
    });

  program
    .command('upgrade')
    .description(
      'has the machine of `boot` go on with the image that was baked last; with the former one where that does not work',
    )
    .argument('<config>')
    .action(async (file: string) => {
      const { upgrade } = await import('./commands/upgrade.ts');
      const { machine } = await import('./vm/boot.ts');
      const compiled = await compile(loadConfig(file).config);
      const vm = machine(outOf(compiled.plan.name), compiled.plan.name);
      const stop = `${command} stop ${file}`;
      const { booted, refused } = await upgrade(vm, compiled, emit, stop);
      say.booted(booted, { console: vm.serialLog, stop });
      if (refused !== undefined || booted.report.stage === 'failed') process.exitCode = 1;
    });

  program
    .command('stop')
    .description('shuts down the machine that `boot` or `demo` started')
    .argument('<config>')
    .action(async (file: string) => {
      const { machine, stopMachine } = await import('./vm/boot.ts');
      const { name } = loadConfig(file).config;
      const stopped = await Promise.all(
        ['vm', 'demo'].map((folder) => stopMachine(machine(outOf(name), name, folder))),
      );
      say.line(stopped.includes(true) ? 'stopped' : 'nothing runs');
    });

  program
    .command('demo')
    .description('bakes, boots, sends a mail through the box and reads it back')
    .argument('<config>')
    .action(async (file: string) => {
      const { demo } = await import('./commands/demo.ts');
      const { signerOf } = await import('./commands/signer.ts');
      const loaded = loadConfig(file);
      const { config } = loaded;
      const stop = `${command} stop ${file}`;
      const result = await demo(
        config,
        outOf(config.name),
        emit,
        stop,
        await signerOf(loaded),
        lockOf(loaded),
      );
      say.demo(result, stop);
    });
}
