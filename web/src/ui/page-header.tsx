import type { ReactNode } from 'react';
import css from './page-header.module.css';

interface PageHeaderProps {
  title: ReactNode;
  /** Stands right of the title: a count, a state. */
  aside?: ReactNode;
  actions?: ReactNode;
  /** One line of key facts below. */
  facts?: ReactNode;
}

/** The top of every page: title, key facts in one line, actions at the right. */
export function PageHeader({ title, aside, actions, facts }: PageHeaderProps) {
  return (
    <header className={css.root}>
      <div className={css.row}>
        <h1 className={css.title}>{title}</h1>
        {aside && <div className={css.aside}>{aside}</div>}
        {actions && <div className={css.actions}>{actions}</div>}
      </div>
      {facts && <div className={css.facts}>{facts}</div>}
    </header>
  );
}
