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
import { letterAbout, letterState, nothingListed } from './letter-facts';
import { LetterPanel } from './letter-panel';
import css from './mail.module.css';
import { type Letter, lettersQuery, mostLetters, useSendAgain } from './mail-api';
import { letterStatuses, type MailSearch } from './search-params';

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
    {
      key: 'state',
      title: 'State',
      width: '116px',
      cell: ({ status }) => <StateBadge {...letterState(status)} variant="plain" />,
    },
    {
      key: 'tries',
      title: 'Tries',
      width: '40px',
      align: 'right',
      wideOnly: true,
      cell: ({ attempts }) => <span className="tabular">{attempts}</span>,
    },
    {
      key: 'error',
      title: 'Last error',
      width: 'minmax(96px, 2fr)',
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
export function Letters({ account }: { account: number }) {
  const search = useSearch({ from: route });
  const { letter, ...behind } = search;
  const navigate = useNavigate({ from: '/settings/$account/mail' });
  const list = useQuery(lettersQuery(account, search.status));
  const again = useSendAgain(account);
  const close = () => void navigate({ search: behind });
  const chosen = list.data?.find(({ id }) => id === letter);
  return (
    <Section
      title="Letters"
      help="Each e-mail, and what became of it. One that the mail server does not take is tried again by itself for a while."
      actions={
        <Button variant="default" loading={list.isRefetching} onClick={() => void list.refetch()}>
          Look again
        </Button>
      }
    >
      <LetterFilters />
      {again.error && <ErrorSummary error={again.error} shown={[]} />}
      {list.isError && list.data === undefined ? (
        <Problem title="The letters could not be read" onRetry={() => void list.refetch()}>
          {messageOf(list.error)}
        </Problem>
      ) : list.data?.length === 0 ? (
        <p className={css.note}>{nothingListed(search.status)}</p>
      ) : (
        <>
          <DataTable
            inline
            label="Letters"
            columns={columnsOf(account, behind, again)}
            rows={list.data}
            rowKey={({ id }) => id}
          />
          {list.data?.length === mostLetters && (
            <p className={css.note}>These are the latest {mostLetters}.</p>
          )}
        </>
      )}
      <SidePanel title="Letter" opened={letter !== undefined} onClose={close}>
        {chosen !== undefined ? (
          <LetterPanel key={letter} account={account} letter={chosen} onClose={close} />
        ) : (
          list.data !== undefined && <Problem title="This letter is not in the list" />
        )}
      </SidePanel>
    </Section>
  );
}

function LetterFilters() {
  const { status } = useSearch({ from: route });
  const navigate = useNavigate({ from: '/settings/$account/mail' });
  const go = (search: MailSearch) => void navigate({ search, replace: true });
  return (
    <FilterChips label="Which letters">
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
