import { Button } from '@mantine/core';
import { IconAlertCircle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import css from './problem.module.css';

interface ProblemProps {
  title: string;
  children?: ReactNode;
  onRetry?: () => void;
}

/** Says what went wrong, in the place of what could not be shown. */
export function Problem({ title, children, onRetry }: ProblemProps) {
  return (
    <div className={css.root} role="alert">
      <IconAlertCircle size={20} className={css.icon} aria-hidden="true" />
      <div className={css.words}>
        <p className={css.title}>{title}</p>
        {children && <div className={css.detail}>{children}</div>}
        {onRetry && (
          <Button variant="default" size="xs" mt={8} onClick={onRetry}>
            Try again
          </Button>
        )}
      </div>
    </div>
  );
}
