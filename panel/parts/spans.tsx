/** Buttons that say how far back a page looks. */
interface Props {
  readonly of: readonly { readonly days: number; readonly words: string }[];
  /** The one that is chosen. */
  readonly days: number;
  readonly choose: (days: number) => void;
}

export function Spans({ of: spans, days, choose }: Props) {
  return (
    <div class="buttons spans">
      {spans.map((span) => (
        <button
          key={span.days}
          type="button"
          aria-pressed={days === span.days}
          onClick={() => choose(span.days)}
        >
          {span.words}
        </button>
      ))}
    </div>
  );
}
