import { IconEyeOff } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { CodeBlock } from './code-block';
import css from './shown-once.module.css';

interface ShownOnceProps {
  /** What it is, for screen readers and on the copy button: “token”. */
  what: string;
  text: string;
  /** What it is good for, and for how long. */
  children: ReactNode;
}

/** A secret in the only answer that has it: to be copied now. */
export function ShownOnce({ what, text, children }: ShownOnceProps) {
  return (
    <section className={css.root} aria-label={`New ${what}`}>
      <p className={css.words} role="status">
        <IconEyeOff size={16} aria-hidden="true" />
        <span>{children}</span>
      </p>
      <CodeBlock label={what} code={text} />
    </section>
  );
}
