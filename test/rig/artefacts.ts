/** Where one test file keeps its disks and logs: removed when all went well, kept and explained when not. */
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { ExecutionContext, TestFn } from 'ava';
import { projectRoot } from '../../builder/paths.ts';

/** Something that a test started and that must be gone when the test file is. */
export interface Started {
  /** Ends it and all that belongs to it; may be called twice. */
  readonly stop: () => Promise<void>;
  /** Lines for a person: what was kept, and the exact command to look inside. */
  readonly explain: () => readonly string[];
}

/** What was started, so that all of it can be ended, the last first. */
export class Owned {
  private readonly all: Started[] = [];

  own = <T extends Started>(started: T): T => {
    this.all.push(started);
    return started;
  };

  async stop(): Promise<void> {
    for (const started of this.all.reverse()) await started.stop();
  }

  explain = (): string[] => this.all.flatMap((started) => [...started.explain()]);
}

export interface Artefacts {
  readonly folder: string;
  /**
   * Registers something to be ended with the test file, in reverse order. A machine that one test alone needs is ended
   * with that test already, lest it keep a slot (slots.ts) that another waits for.
   */
  readonly own: <T extends Started>(started: T, until?: ExecutionContext) => T;
}

/** Sets the folder up and hooks into the test file's end. Call it once, at the top of a test file. */
export function artefacts(test: TestFn, name: string): Artefacts {
  const folder = path.join(projectRoot, 'test-artefacts', name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const owned = new Owned();
  let failed = false;
  test.afterEach.always((t) => {
    failed ||= !t.passed;
  });
  test.after.always('everything that was started is ended', async (t) => {
    await owned.stop();
    if (!failed) return rmSync(folder, { recursive: true, force: true });
    for (const line of owned.explain()) t.log(line);
  });
  return {
    folder,
    own: (started, until) => {
      until?.teardown(() => started.stop());
      return owned.own(started);
    },
  };
}
