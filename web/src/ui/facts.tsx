import type { ReactNode } from 'react';
import css from './facts.module.css';

/** Names and values of a thing, one beside the other. */
export function Facts({ children }: { children: ReactNode }) {
  return <dl className={css.root}>{children}</dl>;
}

export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={css.row}>
      <dt className={css.name}>{name}</dt>
      <dd className={css.value}>{children ?? '–'}</dd>
    </div>
  );
}
