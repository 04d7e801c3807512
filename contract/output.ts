/** Standard output and error of a program of ours, where nobody reads them any more, or nothing more can be written. */

/** What a pipe, or a socket in the place of one, says when its reader has gone: `box status | head` has all it wants. */
const gone = new Set(['EPIPE', 'ECONNRESET']);

/**
 * Without a reader the program goes on and ends as it would have: what it changes is changed whole. What could not be
 * written for another reason, as on a full disk, is told once on standard error, and the exit code is 1 at the least.
 * @param name of the program, for the line that tells it
 */
export function mindOutput(name: string): void {
  let lost = false;
  tellErrors(process.stdout);
  tellErrors(process.stderr);
  process.stderr.on('error', () => undefined);
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (gone.has(error.code ?? '') || lost) return;
    lost = true;
    process.stderr.write(`${name}: standard output could not be written: ${error.message}\n`);
  });
  process.once('exit', () => {
    if (lost && !process.exitCode) process.exitCode = 1;
  });
}

/** Node.js before 18 throws what a file answers, where all later ones tell it as an event. */
function tellErrors(stream: NodeJS.WriteStream): void {
  const write = stream._write.bind(stream);
  stream._write = (chunk, encoding, done) => {
    try {
      write(chunk, encoding, done);
    } catch (error) {
      done(error as Error);
    }
  };
}
