import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { messageOf } from '@/api/errors';
import { AboveLink, type Column, DataTable, rowLink } from '@/ui/data-table';
import { FilterChip, FilterChips } from '@/ui/filter-chip';
import { ErrorSummary } from '@/ui/form/form';
import { Section } from '@/ui/page';
import { Problem } from '@/ui/problem';
import { SidePanel } from '@/ui/side-panel';
import { StateBadge } from '@/ui/state-badge';
import { TimeAgo } from '@/ui/time-ago';
import { letterState } from '../mail/letter-facts';
import { letterStatuses } from '../mail/search-params';
import css from './chat.module.css';
import { type ChatMessage, messagesQuery, mostMessages, useSendMessageAgain } from './chat-api';
import { messageTo, nothingSent, serviceWord } from './chat-facts';
import { MessagePanel } from './message-panel';
import type { ChatSearch } from './search-params';

const route = '/signed-in/settings/$account/chat';

function columnsOf(
  account: number,
  search: ChatSearch,
  again: ReturnType<typeof useSendMessageAgain>,
): Column<ChatMessage>[] {
  return [
    {
      key: 'to',
      title: 'To',
      width: 'minmax(120px, 2fr)',
      cell: (message) => (
        <Link
          className={rowLink}
          to="/settings/$account/chat"
          params={{ account }}
          search={{ ...search, message: message.id }}
        >
          <bdi>{messageTo(message)}</bdi>
        </Link>
      ),
    },
    {
      key: 'by',
      title: 'By',
      width: '120px',
      wideOnly: true,
      cell: ({ service }) => serviceWord[service],
    },
    {
      key: 'about',
      title: 'About',
      width: 'minmax(120px, 2fr)',
      wideOnly: true,
      cell: ({ job_name, run_id }) => (
        <bdi>
          {job_name} #{run_id}
        </bdi>
      ),
    },
    {
      key: 'state',
      title: 'State',
      width: '116px',
      cell: ({ status }) => <StateBadge {...letterState(status)} variant="plain" />,
    },
    {
      key: 'error',
      title: 'Last error',
      width: 'minmax(96px, 3fr)',
      wideOnly: true,
      cell: ({ last_error }) => last_error || '–',
    },
    {
      key: 'when',
      title: 'When',
      width: '96px',
      wideOnly: true,
      cell: ({ created_at }) => (
        <AboveLink>
          <TimeAgo at={created_at} />
        </AboveLink>
      ),
    },
    {
      key: 'actions',
      title: 'Actions',
      width: '88px',
      align: 'right',
      cell: ({ id, status }) =>
        status === 'failed' && (
          <AboveLink>
            <Button
              variant="default"
              loading={again.isPending && again.variables === id}
              onClick={() => again.mutate(id)}
            >
              Try again
            </Button>
          </AboveLink>
        ),
    },
  ];
}

/** What was sent, or is on its way, the latest first. */
export function Messages({ account }: { account: number }) {
  const search = useSearch({ from: route });
  const { message, ...behind } = search;
  const navigate = useNavigate({ from: '/settings/$account/chat' });
  const list = useQuery(messagesQuery(account, search.status));
  const again = useSendMessageAgain(account);
  const close = () => void navigate({ search: behind });
  const chosen = list.data?.find(({ id }) => id === message);
  return (
    <Section
      title="Messages"
      help="Each message, and what became of it. One that is not taken is tried again by itself for a while."
      actions={
        <Button variant="default" loading={list.isRefetching} onClick={() => void list.refetch()}>
          Look again
        </Button>
      }
    >
      <MessageFilters />
      {again.error && <ErrorSummary error={again.error} shown={[]} />}
      {list.isError && list.data === undefined ? (
        <Problem title="The messages could not be read" onRetry={() => void list.refetch()}>
          {messageOf(list.error)}
        </Problem>
      ) : list.data?.length === 0 ? (
        <p className={css.note}>{nothingSent(search.status)}</p>
      ) : (
        <>
          <DataTable
            inline
            label="Messages"
            columns={columnsOf(account, behind, again)}
            rows={list.data}
            rowKey={({ id }) => id}
          />
          {list.data?.length === mostMessages && (
            <p className={css.note}>These are the latest {mostMessages}.</p>
          )}
        </>
      )}
      <SidePanel title="Message" opened={message !== undefined} onClose={close}>
        {chosen !== undefined ? (
          <MessagePanel key={message} account={account} message={chosen} onClose={close} />
        ) : (
          list.data !== undefined && <Problem title="This message is not in the list" />
        )}
      </SidePanel>
    </Section>
  );
}

function MessageFilters() {
  const { status } = useSearch({ from: route });
  const navigate = useNavigate({ from: '/settings/$account/chat' });
  const go = (search: ChatSearch) => void navigate({ search, replace: true });
  return (
    <FilterChips label="Which messages">
      <FilterChip active={status === undefined} onToggle={() => go({})}>
        All
      </FilterChip>
      {letterStatuses.map((each) => (
        <FilterChip key={each} active={status === each} onToggle={() => go({ status: each })}>
          {letterState(each).word}
        </FilterChip>
      ))}
    </FilterChips>
  );
}
