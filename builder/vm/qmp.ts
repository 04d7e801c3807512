/** QMP, the QEMU Machine Protocol: one command on the control socket of a running machine. */
import { connect } from 'node:net';

export interface QmpCommand {
  readonly execute: string;
  readonly arguments?: Readonly<Record<string, unknown>>;
}

/** Sends one command and gives its answer. @throws when QEMU refuses it or doesn't answer in `timeoutMs`. */
export async function qmp(socketPath: string, command: QmpCommand, timeoutMs = 10_000): Promise<unknown> {
  const socket = connect(socketPath);
  socket.setEncoding('utf8');
  socket.setTimeout(timeoutMs, () =>
    socket.destroy(new Error(`QEMU did not answer ${command.execute} on ${socketPath}`)),
  );
  socket.write(`${JSON.stringify({ execute: 'qmp_capabilities' })}\n${JSON.stringify(command)}\n`);
  let text = '';
  let answers = 0;
  for await (const chunk of socket) {
    text += chunk;
    const lines = text.split('\n');
    text = lines.pop() ?? '';
    for (const message of lines.map(
      (line) => JSON.parse(line) as { return?: unknown; error?: { desc: string } },
    )) {
      if (message.error !== undefined)
        throw new Error(`QEMU refused ${command.execute}: ${message.error.desc}`);
      // The first answer is the one to qmp_capabilities; greetings and events are neither.
      if ('return' in message && ++answers === 2) return message.return;
    }
  }
  throw new Error(`QEMU closed ${socketPath} before it answered ${command.execute}`);
}

/** Presses the power button: the guest shuts itself down. */
export async function pressPower(socketPath: string): Promise<void> {
  await qmp(socketPath, { execute: 'system_powerdown' });
}

/** Ends QEMU at once, as pulling the plug does, but with its disk files closed in order. */
export async function quit(socketPath: string): Promise<void> {
  await qmp(socketPath, { execute: 'quit' });
}
