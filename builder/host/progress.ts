/** Shows long work: which step, how long, how much is left. Quiet and plain when nobody watches a terminal. */

/** Everything a long run has to say. */
export type ProgressEvent =
  | { readonly type: 'start'; readonly title: string; readonly index: number; readonly total: number }
  | { readonly type: 'report'; readonly text: string; readonly fraction?: number }
  | { readonly type: 'done'; readonly title: string; readonly seconds: number; readonly note: string }
  | { readonly type: 'failed'; readonly title: string; readonly seconds: number }
  | { readonly type: 'notice'; readonly text: string };

/** Tells how a step goes on: a few words, and how much of it is done (0 to 1) where that is known. */
export type Report = (text: string, fraction?: number) => void;

export interface Step<T> {
  readonly title: string;
  /** Seconds it takes on a small machine without KVM; only used to say how much is left. */
  readonly expected: number;
  readonly run: (report: Report) => Promise<T>;
  /** Said behind the title once done: a cache hit with its reason, a size. */
  readonly note?: (result: T) => string;
}

/** Runs steps one by one and tells a listener. `plan` is the expected seconds of all steps to come, in order. */
export class Progress {
  #index = 0;
  constructor(
    private readonly emit: (event: ProgressEvent, remaining: number) => void,
    private readonly plan: readonly number[],
  ) {}

  async step<T>(step: Step<T>): Promise<T> {
    const index = this.#index++;
    const later = this.plan.slice(index + 1).reduce((sum, seconds) => sum + seconds, 0);
    const started = performance.now();
    const elapsed = () => (performance.now() - started) / 1000;
    const remaining = (fraction?: number) =>
      later +
      (fraction === undefined ? Math.max(step.expected - elapsed(), 0) : step.expected * (1 - fraction));
    this.emit({ type: 'start', title: step.title, index: index + 1, total: this.plan.length }, remaining());
    try {
      const result = await step.run((text, fraction) =>
        this.emit(
          { type: 'report', text, ...(fraction === undefined ? {} : { fraction }) },
          remaining(fraction),
        ),
      );
      this.emit(
        { type: 'done', title: step.title, seconds: elapsed(), note: step.note?.(result) ?? '' },
        later,
      );
      return result;
    } catch (error) {
      this.emit({ type: 'failed', title: step.title, seconds: elapsed() }, later);
      throw error;
    }
  }

  notice(text: string): void {
    this.emit({ type: 'notice', text }, 0);
  }
}

/** Milliseconds after which a step that goes on says so where no terminal shows its moving line. */
const lifeSign = 60_000;

/** Draws events on a stream: one moving line on a terminal, one line a step elsewhere, and one each minute of a long step. */
export function draw(
  stream: Pick<NodeJS.WriteStream, 'isTTY' | 'columns' | 'write'>,
  every = lifeSign,
): (event: ProgressEvent, remaining: number) => void {
  let heading = '';
  let last = '';
  let lives: NodeJS.Timeout | undefined;
  const live = () => {
    const begun = performance.now();
    last = '';
    lives = setInterval(() => {
      const words = last === '' ? '' : `: ${last}`;
      stream.write(`      ${heading}, ${clock((performance.now() - begun) / 1000)} so far${words}\n`);
    }, every).unref();
  };
  const clear = () => (stream.isTTY ? stream.write('\r\x1b[K') : undefined);
  return (event, remaining) => {
    clear();
    if (event.type !== 'report' && event.type !== 'notice') clearInterval(lives);
    if (event.type === 'start') {
      heading = `[${event.index}/${event.total}] ${event.title}`;
      if (!stream.isTTY) live();
      stream.write(stream.isTTY ? heading : `${heading}...${left(remaining)}\n`);
    } else if (event.type === 'report') {
      last = event.text;
      if (!stream.isTTY) return;
      const line = `${heading}${percent(event.fraction)}: ${event.text}${left(remaining)}`;
      stream.write(line.slice(0, stream.columns - 1));
    } else if (event.type === 'done') {
      stream.write(
        `  ok  ${event.title} (${clock(event.seconds)})${event.note === '' ? '' : `: ${event.note}`}\n`,
      );
    } else if (event.type === 'failed') {
      stream.write(`FAIL  ${event.title} (${clock(event.seconds)})\n`);
    } else {
      stream.write(`note  ${event.text}\n`);
    }
  };
}

function percent(fraction: number | undefined): string {
  return fraction === undefined ? '' : ` ${Math.floor(fraction * 100)} %`;
}

function left(seconds: number): string {
  return seconds < 1 ? '' : `, about ${clock(seconds)} left`;
}

/** `42 s`, `3 min 05 s`. */
export function clock(seconds: number): string {
  if (seconds < 60) return seconds < 10 ? `${seconds.toFixed(1)} s` : `${Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
}
