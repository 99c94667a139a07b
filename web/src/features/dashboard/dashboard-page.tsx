import { Button, Skeleton } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { messageOf } from '@/api/errors';
import { Empty } from '@/ui/empty';
import { Page, Section } from '@/ui/page';
import { PageHeader } from '@/ui/page-header';
import { Problem } from '@/ui/problem';
import css from './dashboard.module.css';
import { jobStatesQuery, projectsQuery } from './dashboard-api';
import { FailedJobs } from './failed-jobs';
import { LateList } from './late-list';
import { ProjectHealth } from './project-health';
import { RunningNow } from './running-now';
import { useDashboardLive, useRunsInProgress } from './use-runs-in-progress';

export function DashboardPage() {
  useDocumentTitle('Dashboard · Millwright');
  const { account } = useParams({ from: '/signed-in/dashboard/$account' });
  const projects = useQuery(projectsQuery(account));
  return (
    <Page>
      <PageHeader title="Dashboard" />
      {projects.isError && projects.data === undefined ? (
        <Problem title="The projects could not be read" onRetry={() => void projects.refetch()}>
          {messageOf(projects.error)}
        </Problem>
      ) : projects.data?.length === 0 ? (
        <NoProject account={account} />
      ) : (
        <State account={account} />
      )}
    </Page>
  );
}

function NoProject({ account }: { account: number }) {
  return (
    <Empty
      title="No project yet"
      action={
        <Button
          renderRoot={(props) => <Link to="/set-up/$account" params={{ account }} {...props} />}
        >
          Set up a project
        </Button>
      }
    >
      A project is a dbt project in a Git repository, with the connection to the warehouse that it
      builds in. Once its jobs run, this page says what failed, what runs now, what is late, and how
      healthy each project has been for the last 30 days.
    </Empty>
  );
}

function State({ account }: { account: number }) {
  useDashboardLive(account);
  const jobs = useQuery(jobStatesQuery(account));
  const { list, runs, more } = useRunsInProgress(account);
  const unread = jobs.isError && jobs.data === undefined;
  return (
    <>
      <Section title="Failed">
        {unread ? (
          <Problem title="The jobs could not be read" onRetry={() => void jobs.refetch()}>
            {messageOf(jobs.error)}
          </Problem>
        ) : (
          <FailedJobs account={account} jobs={jobs.data} />
        )}
      </Section>
      <div className={css.halves}>
        <Section title="Running now">
          {list.isError && list.data === undefined ? (
            <Problem title="The runs could not be read" onRetry={() => void list.refetch()}>
              {messageOf(list.error)}
            </Problem>
          ) : list.data === undefined ? (
            <Skeleton height={40} />
          ) : (
            <RunningNow account={account} runs={runs} more={more} />
          )}
        </Section>
        <Section title="Late">
          {jobs.data === undefined || list.data === undefined ? (
            unread ? (
              <p className={css.quiet}>Not known, since the jobs could not be read.</p>
            ) : (
              <Skeleton height={40} />
            )
          ) : (
            <LateList account={account} jobs={jobs.data} runs={runs} />
          )}
        </Section>
      </div>
      <Section title="Projects, last 30 days">
        <ProjectHealth account={account} />
      </Section>
    </>
  );
}
