import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { type Column, rowLink } from '@/ui/data-table';
import { againColumn, errorColumn, stateColumn, whenColumn } from '../outbox/outbox-columns';
import { OutboxSection } from '../outbox/outbox-section';
import { type ChatMessage, messagesQuery, useSendMessageAgain } from './chat-api';
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
    stateColumn,
    errorColumn('minmax(96px, 3fr)'),
    whenColumn,
    againColumn(again),
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
  return (
    <OutboxSection
      one="Message"
      many="Messages"
      help="Each message, and what became of it. One that is not taken is tried again by itself for a while."
      list={list}
      columns={columnsOf(account, behind, again)}
      again={again}
      status={search.status}
      onFilter={(filter) => void navigate({ search: filter, replace: true })}
      nothing={nothingSent(search.status)}
      chosen={message}
      panel={(row) => <MessagePanel key={row.id} account={account} message={row} onClose={close} />}
      onClose={close}
    />
  );
}
