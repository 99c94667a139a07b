import { IconInfoCircle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import css from './chat.module.css';

interface NoticeProps {
  tone?: 'amber' | 'blue';
  children: ReactNode;
}

export function Notice({ tone = 'amber', children }: NoticeProps) {
  return (
    <div className={css.notice} data-tone={tone} role={tone === 'blue' ? 'status' : 'alert'}>
      <IconInfoCircle size={16} aria-hidden="true" />
      <span>{children}</span>
    </div>
  );
}
