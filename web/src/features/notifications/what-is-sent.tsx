import { Skeleton } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { messageOf } from '@/api/errors';
import { type Chat, chatQuery } from '../chat/chat-api';
import { hasChat, isOn, slackWorks } from '../chat/chat-facts';
import { sendingOf } from '../mail/letter-facts';
import { type Mail, mailQuery } from '../mail/mail-api';
import css from './notifications.module.css';

/** Which of the rules do something, and what to do about the others. */
export function WhatIsSent({ account }: { account: number }) {
  const mail = useQuery(mailQuery(account));
  const chat = useQuery(chatQuery(account));
  const error = mail.error ?? chat.error;
  if (error)
    return <Notice>What is sent could not be read: {messageOf(error)} Rules are kept.</Notice>;
  if (mail.data === undefined || chat.data === undefined) return <Skeleton height={40} />;
  const sent = sendingOf(mail.data) === 'sent';
  return (
    <Notice tone={sent ? 'blue' : 'amber'}>
      <ByMail account={account} mail={mail.data} /> <ByChat account={account} chat={chat.data} />
      {!sent && (
        <>
          {' '}
          To tell another system of runs, create a{' '}
          <Link to="/settings/$account/webhooks" params={{ account }}>
            webhook
          </Link>
          .
        </>
      )}
    </Notice>
  );
}

function ByMail({ account, mail }: { account: number; mail: Mail }) {
  const page = (
    <Link to="/settings/$account/mail" params={{ account }}>
      E-mail
    </Link>
  );
  switch (sendingOf(mail)) {
    case 'sent':
      return (
        <>Whoever an e-mail rule names is sent an e-mail; what was sent is listed under {page}.</>
      );
    case 'off':
      return <>This account sends no e-mail: it is switched off, under {page}.</>;
    case 'no server':
      return (
        <>
          This installation sends no e-mail: it has no mail server; what to set is said under {page}
          .
        </>
      );
  }
}

function ByChat({ account, chat }: { account: number; chat: Chat }) {
  if (!hasChat(chat)) return 'Nothing is sent to Slack or Microsoft Teams.';
  const told = [slackWorks(chat) && 'Slack', isOn(chat.teams) && 'Microsoft Teams'].filter(Boolean);
  const page = (
    <Link to="/settings/$account/chat" params={{ account }}>
      Chat
    </Link>
  );
  if (told.length === 0) return <>Nothing is sent to chats; more is said under {page}.</>;
  return (
    <>
      {isOn(chat.slack) &&
        !slackWorks(chat) &&
        'No Slack workspace is connected, or not any more. '}
      Channels of {told.join(' and ')} that rules name are told; what was sent is listed under{' '}
      {page}.
    </>
  );
}

function Notice({ tone = 'amber', children }: { tone?: 'amber' | 'blue'; children: ReactNode }) {
  return (
    <div className={css.notice} data-tone={tone} role="note">
      <IconInfoCircle size={16} aria-hidden="true" />
      <span>{children}</span>
    </div>
  );
}
