import { Skeleton } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useParams, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { messageOf } from '@/api/errors';
import type { Run } from '@/api/types';
import { PageHeader } from '@/ui/page-header';
import { Problem } from '@/ui/problem';
import { runListQuery } from '../runs-api';
import { filtersOf } from '../search-params';
import { useRunListLive } from '../use-runs-live';
import { FirstRun, NoMatch } from './empty-runs';
import { RunFilters } from './run-filters';
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
  const filters = filtersOf(search);
  const list = useInfiniteQuery(runListQuery(account, filters));
  useRunListLive(account);
  const runs = useMemo(() => withoutRepeats(list.data?.pages ?? []), [list.data]);
  const total = list.data?.pages[0]?.totalCount ?? null;
  const filtered = Object.keys(search).length > 0;
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
