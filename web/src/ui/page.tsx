import type { ReactNode } from 'react';
import css from './page.module.css';

interface PageProps {
  children: ReactNode;
  /** `list` fills the window and lets its table scroll; `text` is one readable column, for forms. */
  kind?: 'list' | 'detail' | 'text';
}

/** The ground of a page: its padding, its width, the distance between its parts. */
export function Page({ children, kind = 'detail' }: PageProps) {
  return (
    <div className={css.page} data-kind={kind}>
      {children}
    </div>
  );
}

/** A titled part of a page. */
export function Section({
  title,
  actions,
  help,
  children,
}: {
  title: string;
  actions?: ReactNode;
  help?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className={css.section} aria-label={title}>
      <div className={css.sectionHead}>
        <h2 className={css.sectionTitle}>{title}</h2>
        {actions && <div className={css.sectionActions}>{actions}</div>}
      </div>
      {help && <p className={css.help}>{help}</p>}
      {children}
    </section>
  );
}
