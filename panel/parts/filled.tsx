/** A text whose holes hold links, names or commands. */
import { type ComponentChildren, Fragment } from 'preact';

interface Props {
  readonly text: string;
  readonly holes: Readonly<Record<string, ComponentChildren>>;
}

export function Filled({ text, holes }: Props) {
  // Every second part is a name.
  const parts = text.split(/\{(\w+)\}/);
  return (
    <>
      {parts.map((part, i) => (
        <Fragment key={`${i} ${part}`}>{i % 2 === 0 ? part : holes[part]}</Fragment>
      ))}
    </>
  );
}
