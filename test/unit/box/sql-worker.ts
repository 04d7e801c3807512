/**
 * One Python process for all the SQL of a test file. It runs the box's own sql.py, whose start would otherwise take
 * longer than all that most tests do; that the program is well by itself, mail/mail.test.ts looks at.
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { type Outcome, python } from '../../../box/machine/machine.ts';

/** For each line with an order: one with what sql.py would have printed, and its exit code. */
const program = `
import importlib.util, io, json, sys
sys.dont_write_bytecode = True
spec = importlib.util.spec_from_file_location("sql", sys.argv[1])
sql = importlib.util.module_from_spec(spec)
spec.loader.exec_module(sql)
answers = sys.stdout
for line in sys.stdin.buffer:
    sys.stdin = io.TextIOWrapper(io.BytesIO(line))
    sys.stdout, sys.stderr = io.StringIO(), io.StringIO()
    code = sql.main()
    answers.write(json.dumps({"code": code, "out": sys.stdout.getvalue(), "err": sys.stderr.getvalue()}) + "\\n")
    answers.flush()
`;

let worker: ChildProcessWithoutNullStreams | undefined;
const waiting: ((outcome: Outcome) => void)[] = [];

/** What `sqlProgram` says to this order. */
export function askSql(sqlProgram: string, order: string): Promise<Outcome> {
  worker ??= startWorker(sqlProgram);
  return new Promise((resolve) => {
    waiting.push(resolve);
    keepAlive(worker, true);
    worker?.stdin.write(`${order}\n`);
  });
}

function startWorker(sqlProgram: string): ChildProcessWithoutNullStreams {
  const [file, ...options] = python;
  const child = spawn(file, [...options, '-c', program, sqlProgram]);
  createInterface({ input: child.stdout }).on('line', (line) => {
    waiting.shift()?.(JSON.parse(line));
    // It doesn't keep the tests from ending.
    if (waiting.length === 0) keepAlive(child, false);
  });
  child.stderr.on('data', (text) => process.stderr.write(text));
  child.once('close', (code) => {
    const gone = { code: code ?? 1, out: '', err: 'the SQL of the tests has ended' };
    for (const resolve of waiting.splice(0)) resolve(gone);
  });
  return child;
}

/** Whether the tests wait for it at their end. */
function keepAlive(child: ChildProcessWithoutNullStreams | undefined, yes: boolean): void {
  const pipes = [child?.stdin, child?.stdout, child?.stderr] as (Socket | undefined)[];
  for (const handle of [child, ...pipes]) yes ? handle?.ref() : handle?.unref();
}
