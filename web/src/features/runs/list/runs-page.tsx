import { Skeleton } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { IconX } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { messageOf } from '@/api/errors';
import type { Run } from '@/api/types';
import { FilterChip, FilterChips } from '@/ui/filter-chip';
import { PageHeader } from '@/ui/page-header';
import { Problem } from '@/ui/problem';
import { StateIcon } from '@/ui/state-icon';
import { jobsQuery, runListQuery } from '../runs-api';
import { activeStatuses, codesOf, type ListSearch, toggleStatus } from '../search-params';
import { statusFilters } from '../status';
import { useRunListLive } from '../use-runs-live';
import { FirstRun, NoMatch } from './empty-runs';
import { RunJobMenu } from './run-job-menu';
import css from './runs-page.module.css';
import { RunsTable } from './runs-table';

/** A run may arrive twice, by an event and on the page it has moved to meanwhile. */
function withoutRepeats(pages: readonly { runs: Run[] }[]): Run[] {
  const seen = new Map<number, Run>();
  for (const page of pages)
    for (const run of page.runs) if (!seen.has(run.id)) seen.set(run.id, run);
  return [...seen.values()];
}

export function RunsPage() {
  useDocumentTitle('Runs · Millwright');
  const { account } = useParams({ from: '/signed-in/deploy/$account/runs' });
  const search = useSearch({ from: '/signed-in/deploy/$account/runs' });
  const filters = { statuses: codesOf(search), job: search.job ?? null };
  const list = useInfiniteQuery(runListQuery(account, filters));
  useRunListLive(account);
  const runs = useMemo(() => withoutRepeats(list.data?.pages ?? []), [list.data]);
  const total = list.data?.pages[0]?.totalCount ?? null;
  const filtered = search.status !== undefined || search.job !== undefined;
  return (
    <div className={css.page}>
      <PageHeader
        title="Runs"
        aside={
          list.data ? (
            total !== null && <Count total={total} />
          ) : (
            <Skeleton width={64} height={12} />
          )
        }
        actions={<RunJobMenu account={account} />}
      />
      <RunFilters account={account} search={search} runs={runs} />
      {list.isError && list.data === undefined ? (
        <Problem title="The runs could not be read" onRetry={() => void list.refetch()}>
          {messageOf(list.error)}
        </Problem>
      ) : list.data !== undefined && runs.length === 0 ? (
        filtered ? (
          <NoMatch account={account} />
        ) : (
          <FirstRun account={account} />
        )
      ) : (
        <RunsTable
          account={account}
          runs={runs}
          total={total ?? runs.length}
          loading={list.isPending}
          loadingMore={list.isFetchingNextPage}
          onNearEnd={() => {
            if (list.hasNextPage && !list.isFetching) void list.fetchNextPage();
          }}
        />
      )}
    </div>
  );
}

function Count({ total }: { total: number }) {
  return (
    <span className="tabular">
      {total.toLocaleString('en')} {total === 1 ? 'run' : 'runs'}
    </span>
  );
}

interface RunFiltersProps {
  account: number;
  search: ListSearch;
  runs: readonly Run[];
}

function RunFilters({ account, search, runs }: RunFiltersProps) {
  const navigate = useNavigate({ from: '/deploy/$account/runs' });
  const active = activeStatuses(search);
  const go = (next: ListSearch) =>
    void navigate({ params: { account }, search: next, replace: true });
  const { status: _status, ...withoutStatus } = search;
  const { job: _job, ...withoutJob } = search;
  return (
    <FilterChips label="Filter by state">
      <FilterChip active={active.length === 0} onToggle={() => go(withoutStatus)}>
        All
      </FilterChip>
      {statusFilters.map(({ key, word, state }) => (
        <FilterChip
          key={key}
          active={active.includes(key)}
          onToggle={() => go(toggleStatus(search, key))}
        >
          <StateIcon state={state} size={14} still />
          {word}
        </FilterChip>
      ))}
      {search.job !== undefined && (
        <FilterChip active onToggle={() => go(withoutJob)}>
          <JobName account={account} job={search.job} runs={runs} />
          <IconX size={14} aria-label="Remove this filter" />
        </FilterChip>
      )}
    </FilterChips>
  );
}

function JobName({ account, job, runs }: { account: number; job: number; runs: readonly Run[] }) {
  const known = runs.find((run) => run.job_definition_id === job)?.job?.name;
  const jobs = useQuery({ ...jobsQuery(account), enabled: known === undefined });
  const name = known ?? jobs.data?.find(({ id }) => id === job)?.name ?? `#${job}`;
  return <bdi className={css.jobChip}>Job: {name}</bdi>;
}
