import { Skeleton } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { messageOf } from '@/api/errors';
import { sendingOf } from '../mail/letter-facts';
import { mailQuery } from '../mail/mail-api';
import css from './notifications.module.css';

/** Which of the rules do something, and what to do about the others. */
export function WhatIsSent({ account }: { account: number }) {
  const mail = useQuery(mailQuery(account));
  const webhook = (
    <Link to="/settings/$account/webhooks" params={{ account }}>
      webhook
    </Link>
  );
  const page = (
    <Link to="/settings/$account/mail" params={{ account }}>
      E-mail
    </Link>
  );
  if (mail.data === undefined) {
    return mail.isError ? (
      <Notice>
        Whether e-mail is sent could not be read: {messageOf(mail.error)} Rules are kept. Nothing is
        sent to Slack; for that, create a {webhook}.
      </Notice>
    ) : (
      <Skeleton height={40} />
    );
  }
  switch (sendingOf(mail.data)) {
    case 'sent':
      return (
        <Notice tone="blue">
          Whoever an e-mail rule names is sent an e-mail; what was sent is listed under {page}.
          Slack rules are kept, but this version sends nothing to Slack: for that, create a{' '}
          {webhook}.
        </Notice>
      );
    case 'off':
      return (
        <Notice>
          Rules are kept, but this account sends no e-mail and nothing to Slack. E-mail is switched
          off: switch it on under {page}. For Slack, create a {webhook}.
        </Notice>
      );
    case 'no server':
      return (
        <Notice>
          Rules are kept, but this installation sends no e-mail and nothing to Slack. It has no mail
          server: what to set is said under {page}. To be told of runs today, create a {webhook}.
        </Notice>
      );
  }
}

function Notice({ tone = 'amber', children }: { tone?: 'amber' | 'blue'; children: ReactNode }) {
  return (
    <div className={css.notice} data-tone={tone} role="note">
      <IconInfoCircle size={16} aria-hidden="true" />
      <span>{children}</span>
    </div>
  );
}
