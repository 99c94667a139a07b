import { Button, Select, Skeleton } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { IconDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { messageOf } from '@/api/errors';
import { Empty } from '@/ui/empty';
import { FilterChip, FilterChips } from '@/ui/filter-chip';
import { Page } from '@/ui/page';
import { PageHeader } from '@/ui/page-header';
import { Problem } from '@/ui/problem';
import { saveText } from '@/ui/save-text';
import { formatDuration } from '@/ui/time';
import { projectNamesQuery } from '../account/names-api';
import { orders, periods, readUsageSearch, type UsageSearch, usualDays } from './search-params';
import css from './usage.module.css';
import { mostJobs, usageQuery } from './usage-api';
import { ordered, type Totals, totalsOf, usageCsv } from './usage-facts';
import { UsageTable } from './usage-table';

const route = '/signed-in/settings/$account/usage';

export function UsagePage() {
  useDocumentTitle('Usage · Millwright');
  const { account } = useParams({ from: route });
  const search = useSearch({ from: route });
  const days = search.days ?? usualDays;
  const order = search.by ?? 'nodes';
  const usage = useQuery(usageQuery(account, days, search.project));
  const rows = usage.data === undefined ? undefined : ordered(usage.data, order);
  return (
    <Page>
      <PageHeader
        title="Usage"
        facts="What jobs ran and how long, by runs that ended in the period."
        actions={
          <Button
            variant="default"
            leftSection={<IconDownload size={14} />}
            disabled={rows === undefined || rows.length === 0}
            onClick={() => saveText(`usage-${days}-days.csv`, 'text/csv', usageCsv(rows ?? []))}
          >
            Export CSV
          </Button>
        }
      />
      <UsageFilters account={account} />
      {usage.isError && rows === undefined ? (
        <Problem title="Usage could not be read" onRetry={() => void usage.refetch()}>
          {messageOf(usage.error)}
        </Problem>
      ) : rows?.length === 0 ? (
        <Empty title={`Nothing ran in the last ${days} days`}>
          Each run of a job counts here by its time and by the time of its nodes, those that failed
          apart. Choose a longer period, or run a job.
        </Empty>
      ) : (
        <>
          <TotalsRow totals={rows && totalsOf(rows)} />
          <UsageTable account={account} rows={rows} order={order} />
          {rows?.length === mostJobs && (
            <p className={css.note}>
              These are the {mostJobs.toLocaleString('en')} jobs whose nodes took longest; the
              totals are theirs.
            </p>
          )}
        </>
      )}
    </Page>
  );
}

function UsageFilters({ account }: { account: number }) {
  const search = useSearch({ from: route });
  const navigate = useNavigate({ from: '/settings/$account/usage' });
  const { data: projects } = useQuery(projectNamesQuery(account));
  const go = (part: { [K in keyof UsageSearch]: unknown }) =>
    void navigate({ search: readUsageSearch({ ...search, ...part }), replace: true });
  return (
    <div className={css.filters}>
      <FilterChips label="Period">
        {periods.map((days) => (
          <FilterChip
            key={days}
            active={days === (search.days ?? usualDays)}
            onToggle={() => go({ days })}
          >
            {days} days
          </FilterChip>
        ))}
      </FilterChips>
      <FilterChips label="Order by">
        {orders.map(({ key, word }) => (
          <FilterChip
            key={key}
            active={key === (search.by ?? 'nodes')}
            onToggle={() => go({ by: key })}
          >
            {word}
          </FilterChip>
        ))}
      </FilterChips>
      <Select
        aria-label="Project"
        w={176}
        placeholder="All projects"
        searchable
        clearable
        clearButtonProps={{ 'aria-label': 'All projects' }}
        data={(projects ?? []).map(({ id, name }) => ({ value: String(id), label: name }))}
        value={search.project === undefined ? null : String(search.project)}
        onChange={(project) => go({ project: project ?? undefined })}
      />
    </div>
  );
}

function TotalsRow({ totals }: { totals: Totals | undefined }) {
  const time = (seconds: number) => (seconds === 0 ? '0s' : formatDuration(seconds * 1_000));
  const figures: [name: string, value: string | undefined, beside: string | undefined][] = [
    ['Runs', totals?.runs.toLocaleString('en'), totals && `${totals.failedRuns} failed`],
    [
      'Run time',
      totals && time(totals.runSeconds),
      totals && `${time(totals.failedRunSeconds)} in failed runs`,
    ],
    [
      'Node time',
      totals && time(totals.nodeSeconds),
      totals && `${time(totals.failedNodeSeconds)} in failed nodes`,
    ],
    ['Nodes', totals?.nodes.toLocaleString('en'), totals && 'executed'],
  ];
  return (
    <dl className={css.totals}>
      {figures.map(([name, value, beside]) => (
        <div key={name} className={css.figure}>
          <dt className={css.name}>{name}</dt>
          <dd className={css.value}>
            {value ?? <Skeleton width={64} height={20} />}
            <span className={css.beside}>{beside ?? ' '}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}
