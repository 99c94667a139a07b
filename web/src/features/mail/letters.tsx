import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { type Column, rowLink } from '@/ui/data-table';
import { againColumn, errorColumn, stateColumn, whenColumn } from '../outbox/outbox-columns';
import { OutboxSection } from '../outbox/outbox-section';
import { letterAbout, nothingListed } from './letter-facts';
import { LetterPanel } from './letter-panel';
import { type Letter, lettersQuery, useSendAgain } from './mail-api';
import type { MailSearch } from './search-params';

const route = '/signed-in/settings/$account/mail';

function columnsOf(
  account: number,
  search: MailSearch,
  again: ReturnType<typeof useSendAgain>,
): Column<Letter>[] {
  return [
    {
      key: 'recipient',
      title: 'To',
      width: 'minmax(120px, 2fr)',
      cell: ({ id, recipient }) => (
        <Link
          className={rowLink}
          to="/settings/$account/mail"
          params={{ account }}
          search={{ ...search, letter: id }}
        >
          <bdi>{recipient}</bdi>
        </Link>
      ),
    },
    {
      key: 'about',
      title: 'About',
      width: 'minmax(120px, 3fr)',
      wideOnly: true,
      cell: (letter) => <bdi>{letterAbout(letter)}</bdi>,
    },
    stateColumn,
    {
      key: 'tries',
      title: 'Tries',
      width: '40px',
      align: 'right',
      wideOnly: true,
      cell: ({ attempts }) => <span className="tabular">{attempts}</span>,
    },
    errorColumn('minmax(96px, 2fr)'),
    whenColumn,
    againColumn(again),
  ];
}

/** What was sent, or is on its way, the latest first. */
export function Letters({ account }: { account: number }) {
  const search = useSearch({ from: route });
  const { letter, ...behind } = search;
  const navigate = useNavigate({ from: '/settings/$account/mail' });
  const list = useQuery(lettersQuery(account, search.status));
  const again = useSendAgain(account);
  const close = () => void navigate({ search: behind });
  return (
    <OutboxSection
      one="Letter"
      many="Letters"
      help="Each e-mail, and what became of it. One that the mail server does not take is tried again by itself for a while."
      list={list}
      columns={columnsOf(account, behind, again)}
      again={again}
      status={search.status}
      onFilter={(filter) => void navigate({ search: filter, replace: true })}
      nothing={nothingListed(search.status)}
      chosen={letter}
      panel={(row) => <LetterPanel key={row.id} account={account} letter={row} onClose={close} />}
      onClose={close}
    />
  );
}
