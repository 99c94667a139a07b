import { Button, Skeleton } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { messageOf } from '@/api/errors';
import { Empty } from '@/ui/empty';
import { Page } from '@/ui/page';
import { PageHeader } from '@/ui/page-header';
import { Problem } from '@/ui/problem';
import type { JobDetail } from '../job-types';
import { type JobPage, jobListQuery, useJobListLive } from '../jobs-api';
import { JobsFilters } from './jobs-filters';
import { JobsTable } from './jobs-table';

/** A job may arrive twice, when one was made or deleted between two pages. */
function withoutRepeats(pages: readonly JobPage[]): JobDetail[] {
  const seen = new Map<number, JobDetail>();
  for (const page of pages) for (const job of page.jobs) seen.set(job.id, job);
  return [...seen.values()];
}

export function JobsPage() {
  useDocumentTitle('Jobs · Millwright');
  const { account } = useParams({ from: '/signed-in/deploy/$account/jobs' });
  const search = useSearch({ from: '/signed-in/deploy/$account/jobs' });
  const list = useInfiniteQuery(jobListQuery(account, search));
  useJobListLive(account);
  const jobs = useMemo(() => list.data && withoutRepeats(list.data.pages), [list.data]);
  const total = list.data?.pages[0]?.totalCount ?? jobs?.length ?? 0;
  const filtered = Object.keys(search).length > 0;
  return (
    <Page kind="list">
      <PageHeader
        title="Jobs"
        aside={jobs ? <Count total={total} /> : <Skeleton width={64} height={12} />}
        actions={<NewJob account={account} />}
      />
      {(filtered || jobs === undefined || jobs.length > 0) && (
        <JobsFilters account={account} search={search} />
      )}
      {list.isError && jobs === undefined ? (
        <Problem title="The jobs could not be read" onRetry={() => void list.refetch()}>
          {messageOf(list.error)}
        </Problem>
      ) : jobs?.length === 0 ? (
        filtered ? (
          <NoMatch account={account} />
        ) : (
          <FirstJob account={account} />
        )
      ) : (
        <JobsTable
          account={account}
          jobs={jobs}
          total={total}
          onNearEnd={() => {
            if (list.hasNextPage && !list.isFetching) void list.fetchNextPage();
          }}
        />
      )}
    </Page>
  );
}

function Count({ total }: { total: number }) {
  return (
    <span className="tabular">
      {total.toLocaleString('en')} {total === 1 ? 'job' : 'jobs'}
    </span>
  );
}

function NewJob({ account }: { account: number }) {
  return (
    <Button
      leftSection={<IconPlus size={14} />}
      renderRoot={(props) => (
        <Link to="/deploy/$account/jobs/new" params={{ account }} {...props} />
      )}
    >
      New job
    </Button>
  );
}

function FirstJob({ account }: { account: number }) {
  return (
    <Empty title="No jobs yet" action={<NewJob account={account} />}>
      A job is a list of dbt commands, such as <code className="mono">dbt build</code>, that run in
      an environment: on a schedule, for a pull request, after another job, by hand or by the API.
      Each time it runs, its log, results and artifacts are kept as a run.
    </Empty>
  );
}

function NoMatch({ account }: { account: number }) {
  return (
    <Empty
      title="No job matches these filters"
      action={
        <Button
          variant="default"
          renderRoot={(props) => (
            <Link to="/deploy/$account/jobs" params={{ account }} {...props} />
          )}
        >
          Show all jobs
        </Button>
      }
    >
      Names are searched for the text anywhere in them, in small or capital letters.
    </Empty>
  );
}
