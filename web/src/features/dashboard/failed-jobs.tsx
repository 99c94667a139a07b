import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { Run } from '@/api/types';
import { AboveLink, type Column, DataTable, rowLink } from '@/ui/data-table';
import { StateIcon } from '@/ui/state-icon';
import { TimeAgo } from '@/ui/time-ago';
import { AllWell } from './all-well';
import css from './dashboard.module.css';
import { type JobState, runsWithStepsQuery } from './dashboard-api';

interface FailedJob {
  job: JobState;
  run: Run;
  /** The first step that failed; empty where the run failed outside of its steps, null while it is read. */
  step: string | null;
}

/** Of more failing jobs than this, the steps are not looked up. */
const mostSteps = 100;

function failing(jobs: readonly JobState[]): { job: JobState; run: Run }[] {
  return jobs
    .flatMap((job) => {
      const run = job.most_recent_completed_run;
      return run?.status === 20 ? [{ job, run }] : [];
    })
    .sort((a, b) => b.run.id - a.run.id);
}

/** “Invoke dbt with `dbt build`” as what was invoked. */
function shortened(step: string): string {
  return /`(.+)`/.exec(step)?.[1] ?? step;
}

function failedStep(run: Run | undefined): string {
  const step = run?.run_steps.find(({ status }) => status === 20);
  return step === undefined ? '' : shortened(step.name);
}

const columns = (account: number): Column<FailedJob>[] => [
  {
    key: 'job',
    title: 'Job',
    width: 'minmax(160px, 2fr)',
    cell: ({ job, run }) => (
      <span className={css.withIcon}>
        <StateIcon state="error" label="Error" />
        <Link
          to="/deploy/$account/projects/$project/runs/$run"
          params={{ account, project: run.project_id, run: run.id }}
          className={rowLink}
        >
          <bdi>{job.name}</bdi>
        </Link>
      </span>
    ),
  },
  {
    key: 'where',
    title: 'Environment',
    width: 'minmax(120px, 1.5fr)',
    wideOnly: true,
    cell: ({ job }) => (
      <bdi>
        {job.project?.name ?? `Project ${job.project_id}`} ·{' '}
        {job.environment?.name ?? `Environment ${job.environment_id}`}
      </bdi>
    ),
  },
  {
    key: 'step',
    title: 'First failing step',
    width: 'minmax(140px, 2fr)',
    cell: ({ step, run }) =>
      step === null ? (
        <Skeleton height={12} width={120} />
      ) : step === '' ? (
        <span title={run.status_message ?? undefined}>{run.status_message ?? '–'}</span>
      ) : (
        <span className="mono" title={step}>
          {step}
        </span>
      ),
  },
  {
    key: 'when',
    title: 'Failed',
    width: '104px',
    cell: ({ run }) => (
      <AboveLink>
        <TimeAgo at={run.finished_at} />
      </AboveLink>
    ),
  },
  {
    key: 'times',
    title: 'In a row',
    width: '72px',
    align: 'right',
    wideOnly: true,
    cell: ({ job }) => <span className="tabular">{Math.max(1, job.run_failure_count)}</span>,
  },
  {
    key: 'run',
    title: 'Run',
    width: '72px',
    align: 'right',
    wideOnly: true,
    cell: ({ run }) => <span className="tabular">#{run.id}</span>,
  },
];

/** Jobs whose latest run that is over ended in an error, the newest first. */
export function FailedJobs({
  account,
  jobs,
}: {
  account: number;
  jobs: readonly JobState[] | undefined;
}) {
  const failed = useMemo(() => failing(jobs ?? []), [jobs]);
  const ids = failed.slice(0, mostSteps).map(({ run }) => run.id);
  const steps = useQuery(runsWithStepsQuery(account, ids));
  if (jobs === undefined) return <Skeleton height={78} />;
  if (failed.length === 0) {
    return (
      <AllWell>
        {jobs.length === 0 ? 'There are no jobs yet.' : 'The latest run of no job has failed.'}
      </AllWell>
    );
  }
  const rows = failed.map(({ job, run }) => ({
    job,
    run,
    step: steps.isPending ? null : failedStep(steps.data?.find(({ id }) => id === run.id)),
  }));
  return (
    <DataTable
      label="Jobs whose latest run failed"
      columns={columns(account)}
      rows={rows}
      rowKey={({ job }) => job.id}
      inline
    />
  );
}
