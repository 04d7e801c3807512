/**
 * As much of ava as the box's unit tests ask for, on an older Node.js than ava itself runs on. Each file's tests run one after
 * the other; what fails is printed, a line each, and makes the exit code 1.
 */
import assert from 'node:assert/strict';

type Run = (t: Context) => unknown;

interface Expected {
  readonly message?: string | RegExp;
  readonly instanceOf?: new (...given: never[]) => unknown;
  readonly name?: string;
  readonly code?: string;
}

const registered: { readonly title: string; readonly run: Run }[] = [];

class Context {
  readonly cleanups: (() => unknown)[] = [];
  readonly title: string;

  constructor(title: string) {
    this.title = title;
  }

  is = (actual: unknown, expected: unknown, message?: string) =>
    assert.ok(Object.is(actual, expected), message ?? `${String(actual)} is not ${String(expected)}`);
  not = (actual: unknown, expected: unknown) =>
    assert.ok(!Object.is(actual, expected), `is ${String(expected)}`);
  true = (actual: unknown, message?: string) => this.is(actual, true, message);
  false = (actual: unknown, message?: string) => this.is(actual, false, message);
  truthy = (actual: unknown, message?: string) => assert.ok(actual, message);
  deepEqual = (actual: unknown, expected: unknown) => assert.deepStrictEqual(actual, expected);
  regex = (text: string, pattern: RegExp) => assert.match(text, pattern);
  notRegex = (text: string, pattern: RegExp) => assert.doesNotMatch(text, pattern);
  like = (actual: unknown, expected: unknown): void =>
    assert.ok(isLike(actual, expected), `${JSON.stringify(actual)} is not like ${JSON.stringify(expected)}`);
  pass = () => {};
  log = () => {};
  teardown = (cleanup: () => unknown) => void this.cleanups.push(cleanup);
  notThrows = (run: () => unknown) => void run();
  notThrowsAsync = async (run: (() => Promise<unknown>) | Promise<unknown>) =>
    void (await (typeof run === 'function' ? run() : run));

  throws = (run: () => unknown, expected?: Expected): unknown => {
    try {
      run();
    } catch (error) {
      return checked(error, expected);
    }
    throw new assert.AssertionError({ message: 'nothing was thrown' });
  };

  throwsAsync = async (
    run: (() => Promise<unknown>) | Promise<unknown>,
    expected?: Expected,
  ): Promise<unknown> => {
    try {
      await (typeof run === 'function' ? run() : run);
    } catch (error) {
      return checked(error, expected);
    }
    throw new assert.AssertionError({ message: 'nothing was thrown' });
  };
}

function checked(error: unknown, expected: Expected = {}): unknown {
  const { message, name, code } = error as Error & { code?: string };
  if (typeof expected.message === 'string') assert.equal(message, expected.message);
  if (expected.message instanceof RegExp) assert.match(message, expected.message);
  if (expected.name !== undefined) assert.equal(name, expected.name);
  if (expected.code !== undefined) assert.equal(code, expected.code);
  if (expected.instanceOf !== undefined)
    assert.ok(error instanceof expected.instanceOf, `${name} is of another class`);
  return error;
}

/** Whether everything that is expected is there. */
function isLike(actual: unknown, expected: unknown): boolean {
  if (expected === null || typeof expected !== 'object' || expected instanceof Date) {
    try {
      assert.deepStrictEqual(actual, expected);
      return true;
    } catch {
      return false;
    }
  }
  if (actual === null || typeof actual !== 'object') return false;
  return Object.entries(expected).every(([key, value]) =>
    isLike((actual as Record<string, unknown>)[key], value),
  );
}

const test = (title: string, run: Run): void => void registered.push({ title, run });
test.serial = test;
export default test;

/** Runs what the file has registered, once it has been read to its end. */
setImmediate(async () => {
  for (const { title, run } of registered) {
    const t = new Context(title);
    try {
      await run(t);
    } catch (error) {
      process.exitCode = 1;
      process.stdout.write(
        `${title}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
      );
    }
    for (const cleanup of t.cleanups.reverse()) await cleanup();
  }
  process.stdout.write(`${registered.length} tests\n`);
});
