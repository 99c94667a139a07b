import type { ReactNode } from 'react';
import css from './empty.module.css';

interface EmptyProps {
  title: string;
  /** What the missing thing is for, and what to do next. */
  children: ReactNode;
  action?: ReactNode;
}

/** Nothing here yet: teaches instead of only saying so. */
export function Empty({ title, children, action }: EmptyProps) {
  return (
    <section className={css.root}>
      <h2 className={css.title}>{title}</h2>
      <div className={css.text}>{children}</div>
      {action && <div>{action}</div>}
    </section>
  );
}
