import { Select, Skeleton, TextInput } from '@mantine/core';
import { useDebouncedCallback, useDocumentTitle } from '@mantine/hooks';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useId, useMemo, useState } from 'react';
import { messageOf } from '@/api/errors';
import { AboveLink, type Column, DataTable, rowLink } from '@/ui/data-table';
import { Empty } from '@/ui/empty';
import { Page } from '@/ui/page';
import { PageHeader } from '@/ui/page-header';
import { Problem } from '@/ui/problem';
import { SidePanel } from '@/ui/side-panel';
import { TimeAgo } from '@/ui/time-ago';
import { nameOfPerson, peopleQuery } from '../account/names-api';
import css from './audit.module.css';
import { type AuditEntry, auditQuery } from './audit-api';
import { AuditExport } from './audit-export';
import { EntryPanel } from './entry-panel';
import { type AuditSearch, isFiltered, withSearch } from './search-params';

const route = '/signed-in/settings/$account/audit';

function columnsOf(search: AuditSearch): Column<AuditEntry>[] {
  return [
    {
      key: 'event',
      title: 'Event',
      width: 'minmax(160px, 2fr)',
      cell: ({ id, event_type }) => (
        <Link className={rowLink} to="." search={withSearch(search, { entry: id })}>
          {event_type}
        </Link>
      ),
    },
    {
      key: 'actor',
      title: 'Who',
      width: 'minmax(120px, 2fr)',
      cell: ({ actor }) => <bdi>{actor.actor_name || actor.actor_type}</bdi>,
    },
    {
      key: 'subject',
      title: 'What',
      width: 'minmax(120px, 2fr)',
      wideOnly: true,
      cell: ({ event_context: { subject_type, subject_id, data } }) => {
        const name = typeof data['name'] === 'string' ? data['name'] : null;
        return (
          <>
            {subject_type.replaceAll('_', ' ')} {subject_id !== null && `#${subject_id}`}{' '}
            {name !== null && <bdi>{name}</bdi>}
          </>
        );
      },
    },
    {
      key: 'ip',
      title: 'Address',
      width: '128px',
      wideOnly: true,
      cell: ({ actor }) => actor.actor_ip ?? '–',
    },
    {
      key: 'at',
      title: 'When',
      width: '112px',
      cell: ({ created_at }) => (
        <AboveLink>
          <TimeAgo at={created_at} />
        </AboveLink>
      ),
    },
  ];
}

export function AuditPage() {
  useDocumentTitle('Audit log · Millwright');
  const { account } = useParams({ from: route });
  const search = useSearch({ from: route });
  const navigate = useNavigate({ from: '/settings/$account/audit' });
  const list = useInfiniteQuery(auditQuery(account, search));
  const entries = useMemo(() => list.data?.pages.flatMap((page) => page.entries), [list.data]);
  const columns = useMemo(() => columnsOf(search), [search]);
  const total = list.data?.pages[0]?.total;
  return (
    <Page kind="list">
      <PageHeader
        title="Audit log"
        aside={
          total === undefined ? (
            !list.isError && <Skeleton width={64} height={12} />
          ) : (
            <span className="tabular">
              {total.toLocaleString('en')} {total === 1 ? 'entry' : 'entries'}
            </span>
          )
        }
        actions={<AuditExport account={account} search={search} />}
      />
      <AuditFilters account={account} />
      {list.isError && entries === undefined ? (
        <Problem title="The audit log could not be read" onRetry={() => void list.refetch()}>
          {messageOf(list.error)}
        </Problem>
      ) : entries?.length === 0 ? (
        isFiltered(search) ? (
          <Empty title="No entry matches these filters">
            Days are those of UTC, and an event is found by any part of its name, such as{' '}
            <code className="mono">job.</code>
          </Empty>
        ) : (
          <Empty title="Nothing has been recorded yet">
            Whoever signs in, changes a setting, or starts a run leaves an entry here: who, what,
            when and from where.
          </Empty>
        )
      ) : (
        <DataTable
          label="Audit log"
          columns={columns}
          rows={entries}
          rowKey={({ id }) => id}
          {...(total !== undefined && { total })}
          onNearEnd={() => {
            if (list.hasNextPage && !list.isFetching) void list.fetchNextPage();
          }}
        />
      )}
      <SidePanel
        title="Entry of the audit log"
        opened={search.entry !== undefined}
        onClose={() => void navigate({ search: withSearch(search, { entry: undefined }) })}
      >
        {search.entry !== undefined && (
          <EntryPanel
            account={account}
            id={String(search.entry)}
            known={entries?.find(({ id }) => id === String(search.entry))}
          />
        )}
      </SidePanel>
    </Page>
  );
}

function AuditFilters({ account }: { account: number }) {
  const search = useSearch({ from: route });
  const navigate = useNavigate({ from: '/settings/$account/audit' });
  const people = useQuery(peopleQuery(account));
  const [event, setEvent] = useState(search.event ?? '');
  const go = (part: Record<string, unknown>) =>
    void navigate({ search: (now) => withSearch(now, part), replace: true });
  const goSoon = useDebouncedCallback((text: string) => go({ event: text }), 300);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset's look does not fit a row of filters.
    <div className={css.filters} role="group" aria-label="Filters">
      <TextInput
        aria-label="Event"
        className={css.event ?? ''}
        placeholder="Event, such as job.created"
        value={event}
        onChange={({ currentTarget: { value } }) => {
          setEvent(value);
          goSoon(value);
        }}
      />
      <Select
        aria-label="Who"
        className={css.who ?? ''}
        placeholder="Anybody"
        searchable
        clearable
        clearButtonProps={{ 'aria-label': 'Anybody' }}
        data={(people.data ?? []).map((person) => ({
          value: String(person.id),
          label: nameOfPerson(person),
        }))}
        value={search.actor === undefined ? null : String(search.actor)}
        onChange={(actor) => go({ actor: actor ?? undefined })}
      />
      <DayInput word="From" day={search.from} onChange={(from) => go({ from })} />
      <DayInput word="to" day={search.until} onChange={(until) => go({ until })} />
    </div>
  );
}

interface DayInputProps {
  word: string;
  day: string | undefined;
  onChange: (day: string) => void;
}

function DayInput({ word, day, onChange }: DayInputProps) {
  const id = useId();
  return (
    <div className={css.day}>
      <label htmlFor={id}>{word}</label>
      <TextInput
        id={id}
        type="date"
        value={day ?? ''}
        onChange={({ currentTarget: { value } }) => onChange(value)}
      />
    </div>
  );
}
