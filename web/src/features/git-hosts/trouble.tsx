import type { ReactNode } from 'react';
import css from './git-host.module.css';

interface TroubleProps {
  tone: 'red' | 'amber' | 'green';
  children: ReactNode;
}

/** What one has to know before anything else. */
export function Trouble({ tone, children }: TroubleProps) {
  return (
    <div className={css.trouble} data-tone={tone} role={tone === 'red' ? 'alert' : 'status'}>
      {children}
    </div>
  );
}
