/**
 * The `letterbox` command line: each verb takes its arguments, calls one function, says what came of it. What only one verb needs it
 * loads itself: `check` and `build` are run again and again, and loading is most of what they take.
 */
import path from 'node:path';
import { Argument, Command, Option } from 'commander';
import { type CloudName, cloudNames, cloudOf, clouds } from '../clouds/index.ts';
import { releases } from '../releases/index.ts';
import { type Builder, builders } from '../releases/release.ts';
import { completion, type Shell, shells } from './commands/completion.ts';
import type { InitFlags } from './commands/init.ts';
import * as say from './commands/say.ts';
import { compile, lockOf, planned } from './compile.ts';
import { type Loaded, loadConfig } from './config/load.ts';
import type { Config } from './config/schema.ts';
import { datasourceWarning, portWarning, supportWarning } from './config/support.ts';
import { draw, Progress } from './host/progress.ts';
import { writeOutputs } from './host/write.ts';
import { lockVerbs } from './lock-verbs.ts';
import { machineVerbs } from './machine-verbs.ts';
import { command } from './paths.ts';
import { withoutPassword } from './plan/plan.ts';
import { trustVerbs } from './trust-verbs.ts';
import { version } from './version.ts';

export const program = new Command('letterbox')
  .description('Bakes a whole, secure mail server into one bootable disk image.')
  .version(version)
  .showHelpAfterError('(letterbox --help says what there is)')
  .option('--out <folder>', 'where everything is written, one folder a config', 'out');

const outOf = (name: string) => path.join(program.opts<{ out: string }>().out, name);
const emit = draw(process.stderr);
function warnOf(config: Config): void {
  const release = releases.get(config.release);
  for (const warned of [supportWarning(release), datasourceWarning(config, release), portWarning(config)])
    if (warned !== undefined) say.warning(warned);
}
/** One box, or several that differ from it: what is one for all is the base's. */
async function boxesOf(file: string) {
  const { loadFleet } = await import('./config/fleet.ts');
  const fleet = loadFleet(file);
  const loaded = fleet === undefined ? loadConfig(file) : undefined;
  return { fleet, loaded, config: fleet?.base ?? (loaded as Loaded).config };
}
/** An option that must name a cloud which imports disks. */
const importing = (flags: string, about: string) =>
  new Option(flags, about)
    .choices(clouds.filter((cloud) => cloud.import !== undefined).map(({ name }) => name))
    .makeOptionMandatory();

program
  .command('init')
  .description('writes a first config, asked for at the terminal or by these options')
  .argument('[file]', 'a box.yaml that is not there yet', 'box.yaml')
  .option('--hostname <name>', "the box's own name")
  .option('--email <address>', 'mail address of its administrator, the first account')
  .option(
    '--ssh-key <file>',
    'public key that may log in as root, or its line; may be given again',
    // Not `<file...>`, which would take the config's name behind it for a key.
    (one: string, before: readonly string[] = []) => [...before, one],
  )
  .option('--password-stdin', "reads that account's password from standard input, and keeps its hash")
  .addOption(new Option('--cloud <cloud>', 'where it will run').choices(cloudNames))
  .option('--name <name>', 'names the image and its folder')
  .addOption(new Option('--release <release>', 'the system under it').choices([...releases.keys()]))
  .action(async (file: string, options: InitFlags) => {
    const { initConfig } = await import('./commands/init.ts');
    const { readPassword } = await import('./commands/password.ts');
    const { Terminal } = await import('./host/terminal.ts');
    const terminal = process.stdin.isTTY && process.stderr.isTTY ? new Terminal() : undefined;
    try {
      await initConfig(file, options, { terminal, readPassword });
    } finally {
      terminal?.close();
    }
    const { config } = loadConfig(file);
    say.line(`wrote ${file}`);
    warnOf(config);
    say.line(`next: ${command} bake ${file}`);
  });

program
  .command('check')
  .description('checks a config and writes nothing')
  .argument('<config>', 'a box.yaml, or a fleet.yaml')
  .option('--json', 'problems as JSON')
  .action(async (file: string) => {
    const { fleet, loaded, config } = await boxesOf(file);
    if (loaded !== undefined) lockOf(loaded);
    const names = fleet?.boxes.map(({ name }) => name).join(', ');
    say.line(`${file}: ok (${config.name}, ${config.release}${names === undefined ? '' : `; ${names}`})`);
    warnOf(config);
  });

program
  .command('doctor')
  .description('says what this machine lacks for check, bake and boot, and what mends it; changes nothing')
  .argument('[config]', 'a box.yaml, for what it wants in particular')
  .option('--json', 'the findings as JSON')
  .action(async (file: string | undefined, { json }: { json?: true }) => {
    const { examine } = await import('./commands/doctor.ts');
    const { isFit } = await import('./commands/diagnosis.ts');
    const found = await examine(file === undefined ? undefined : loadConfig(file));
    if (json) say.json({ findings: found });
    else say.findings(found);
    if (!isFit(found)) process.exitCode = 1;
  });

program
  .command('plan')
  .description('prints everything the image will hold, and what the box is told at boot')
  .argument('<config>', 'a box.yaml, or a fleet.yaml')
  .option('--json', 'the whole plan, file contents and settings as well')
  .action(async (file: string, { json }: { json?: true }) => {
    const { loadFleet } = await import('./config/fleet.ts');
    const fleet = loadFleet(file);
    if (fleet !== undefined) {
      const { fleetPlans } = await import('./commands/launch-fleet.ts');
      const plans = fleetPlans(fleet);
      if (json) say.json(plans.map(({ name, plan }) => ({ name, plan: withoutPassword(plan) })));
      else say.fleetPlan(plans);
      return;
    }
    const { plan } = await compile(loadConfig(file).config);
    if (json) say.json(withoutPassword(plan));
    else say.plan(plan);
  });

program
  .command('build')
  .description('writes user-data, seed, Packer template and overlay; no virtual machine')
  .argument('<config>')
  .option('--json', 'what was written, as JSON')
  .action(async (file: string, { json }: { json?: true }) => {
    const compiled = await compile(loadConfig(file).config);
    const out = outOf(compiled.plan.name);
    const all = [...compiled.imageFiles, ...compiled.cloudFiles, ...compiled.bootFiles];
    const written = writeOutputs(out, all);
    if (json)
      say.json({
        out,
        files: all.map(({ path: name }) => ({ path: name, written: written.includes(name) })),
      });
    else say.built(out, all, written);
  });

program
  .command('bake')
  .description('bakes the image: out/<name>/<name>.qcow2')
  .argument('<config>')
  .addOption(
    new Option('--with <builder>', "what bakes: without a boot, or Packer's QEMU builder").choices(builders),
  )
  .addOption(
    new Option('--on <cloud>', 'has Packer bake it there, as `clouds` of the config says')
      .choices(clouds.filter(({ builders: its }) => its.length > 0).map(({ name }) => name))
      .conflicts('with'),
  )
  .option('--explain', 'says of each layer why it was made or kept')
  .action(async (file: string, options: { with?: Builder; on?: CloudName; explain?: true }) => {
    const { bakeImage, bakeSteps, builderOf } = await import('./bake/image.ts');
    const { signerOf } = await import('./commands/signer.ts');
    const loaded = loadConfig(file);
    const compiled = await compile(loaded.config, lockOf(loaded));
    const out = outOf(compiled.plan.name);
    const builder = builderOf(compiled, options.with);
    const signer = await signerOf(loaded);
    if (options.on !== undefined) {
      const { bakeThere } = await import('./commands/bake-there.ts');
      for (const made of await bakeThere(compiled, cloudOf(options.on), out, emit, signer)) say.line(made);
      return;
    }
    const progress = new Progress(emit, Object.values(bakeSteps(builder)));
    const { image, layers } = await bakeImage(compiled, out, progress, builder, { signer });
    writeOutputs(out, compiled.bootFiles);
    if (options.explain) say.layers(layers);
    say.line(image);
  });

program
  .command('export')
  .description('makes of the baked image the file that a cloud imports, and reads it back')
  .argument('<config>')
  .addOption(importing('--for <cloud>', 'where it will be imported'))
  .action(async (file: string, { for: name }: { for: CloudName }) => {
    const { exportThere } = await import('./commands/export-for.ts');
    const { config } = loadConfig(file);
    say.line((await exportThere(config, cloudOf(name), outOf(config.name), emit)).file);
  });

program
  .command('import')
  .description('prints the commands that make an image of the exported file at a cloud')
  .argument('<config>')
  .addOption(importing('--to <cloud>', 'which cloud'))
  .option('--set <word=value...>', 'what the commands need and the config does not say')
  .option('--run', 'runs them, with that cloud’s own tools')
  .action(async (file: string, options: { to: CloudName; set?: string[]; run?: true }) => {
    const { importThere, readyImport, scriptOf } = await import('./commands/import-to.ts');
    const { config } = loadConfig(file);
    const ready = readyImport(config, cloudOf(options.to), outOf(config.name), options.set ?? []);
    if (options.run) say.imported(await importThere(ready, emit));
    else say.text(scriptOf(ready));
  });

program
  .command('launch')
  .description('writes a folder that launches the box at a cloud: out/<name>/launch/<cloud>; starts nothing')
  .argument('<config>', 'a box.yaml, or a fleet.yaml: a folder for each box, out/<name>/fleet/<cloud>')
  .addOption(
    new Option('--on <cloud>', 'where it is to run')
      .choices(
        clouds
          .filter(({ launch, manifests }) => launch !== undefined || manifests !== undefined)
          .map(({ name }) => name),
      )
      .makeOptionMandatory(),
  )
  .action(async (file: string, { on }: { on: CloudName }) => {
    const cloud = cloudOf(on);
    const { launchKit } = await import('./commands/launch.ts');
    const { fleetKit } = await import('./commands/launch-fleet.ts');
    const { fleet, config } = await boxesOf(file);
    const all = fleet === undefined ? launchKit(planned(config), cloud) : fleetKit(fleet, cloud);
    const out = outOf(config.name);
    say.built(out, all, writeOutputs(out, all));
    for (const box of fleet?.boxes ?? [{ name: '', config }]) {
      const there = { ...box.config, cloud: on };
      for (const warned of [datasourceWarning(there, releases.get(there.release)), portWarning(there)])
        if (warned !== undefined) say.warning(box.name === '' ? warned : `${box.name}: ${warned}`);
    }
  });

machineVerbs(program, outOf, emit);
trustVerbs(program, emit);
lockVerbs(program, outOf, emit);

program
  .command('password')
  .description('reads a password and prints its hash for box.admin.passwordHash')
  .action(async () => {
    const { hashPassword, readPassword } = await import('./commands/password.ts');
    say.line(await hashPassword(await readPassword()));
  });

program
  .command('inspect')
  .description('says how to look into a failed bake; a disk of Packer’s is started for it')
  .argument('<folder>', 'out/<name>')
  .action(async (folder: string) => {
    const { inspectFailedBake } = await import('./commands/inspect.ts');
    say.line(await inspectFailedBake(folder));
  });

program
  .command('completion')
  .description('prints what makes a shell complete this command, to be read by its startup file')
  .addArgument(new Argument('<shell>', 'which').choices(shells))
  .action((shell: Shell) => say.text(completion(shell, program)));
