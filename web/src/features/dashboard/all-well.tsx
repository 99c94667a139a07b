import { IconCircleCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import css from './dashboard.module.css';

/** One calm line where nothing needs looking at. */
export function AllWell({ children }: { children: ReactNode }) {
  return (
    <p className={css.well}>
      <IconCircleCheck size={16} aria-hidden="true" />
      {children}
    </p>
  );
}
