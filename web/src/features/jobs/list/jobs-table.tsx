import { ActionIcon, Tooltip } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconPlayerPlay } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { messageOf } from '@/api/errors';
import { stateOf } from '@/features/runs/status';
import { AboveLink, type Column, DataTable, RowActions, rowLink } from '@/ui/data-table';
import { Problem } from '@/ui/problem';
import { StateBadge } from '@/ui/state-badge';
import { stateWord } from '@/ui/states';
import { TimeAgo } from '@/ui/time-ago';
import type { JobDetail } from '../job-types';
import { triggerWords } from '../job-words';
import { useStartJob } from '../jobs-api';
import { scheduleWords } from '../schedule';
import css from './jobs-page.module.css';

interface JobsTableProps {
  account: number;
  jobs: readonly JobDetail[] | undefined;
  total: number;
  onNearEnd: () => void;
}

export function JobsTable({ account, jobs, total, onNearEnd }: JobsTableProps) {
  const start = useStartJob(account);
  const [started, setStarted] = useState<JobDetail | null>(null);
  const narrow = useMediaQuery('(max-width: 768px)', false, { getInitialValueInEffect: false });
  const run = (job: JobDetail) => {
    setStarted(job);
    start.mutate({ job: job.id });
  };
  const columns: readonly Column<JobDetail>[] = [
    {
      key: 'name',
      title: 'Job',
      width: 'minmax(160px, 2fr)',
      cell: (job) => (
        <Link
          to="/deploy/$account/projects/$project/jobs/$job"
          params={{ account, project: job.project_id, job: job.id }}
          className={rowLink}
          title={job.name}
        >
          <bdi>{job.name}</bdi>
        </Link>
      ),
    },
    {
      key: 'last',
      title: 'Last run',
      width: '184px',
      cell: (job) => <LastRun {...{ account, job }} />,
    },
    {
      key: 'project',
      title: 'Project',
      width: 'minmax(88px, 1fr)',
      wideOnly: true,
      cell: (job) => <bdi title={job.project?.name}>{job.project?.name ?? '–'}</bdi>,
    },
    {
      key: 'environment',
      title: 'Environment',
      width: 'minmax(88px, 1fr)',
      wideOnly: true,
      cell: (job) => <bdi title={job.environment?.name}>{job.environment?.name ?? '–'}</bdi>,
    },
    {
      key: 'trigger',
      title: 'Starts',
      width: 'minmax(120px, 1.5fr)',
      wideOnly: true,
      cell: (job) => <Starts job={job} />,
    },
    {
      key: 'next',
      title: 'Next run',
      width: '88px',
      wideOnly: true,
      cell: (job) => (
        <AboveLink>
          <TimeAgo at={job.next_run} />
        </AboveLink>
      ),
    },
    {
      key: 'actions',
      title: 'Run',
      width: '28px',
      align: 'right',
      cell: (job) => (
        <RowActions>
          <Tooltip label="Run now">
            <ActionIcon
              aria-label={`Run ${job.name} now`}
              loading={start.isPending && start.variables.job === job.id}
              onClick={() => run(job)}
            >
              <IconPlayerPlay size={16} />
            </ActionIcon>
          </Tooltip>
        </RowActions>
      ),
    },
  ];
  return (
    <>
      {start.error && started && (
        <Problem title={`“${started.name}” was not started`}>{messageOf(start.error)}</Problem>
      )}
      <DataTable
        label="Jobs"
        columns={columns}
        rows={jobs}
        rowKey={({ id }) => id}
        total={total}
        onNearEnd={onNearEnd}
        rowPx={narrow ? 48 : 40}
      />
    </>
  );
}

function LastRun({ account, job }: { account: number; job: JobDetail }) {
  const run = job.most_recent_run;
  if (!run) return <span>Never run</span>;
  return (
    <AboveLink>
      <span className={css.last}>
        <Link
          to="/deploy/$account/projects/$project/runs/$run"
          params={{ account, project: run.project_id, run: run.id }}
          className={css.lastLink}
          aria-label={`${stateWord[stateOf(run.status)]}, run #${run.id}`}
        >
          <StateBadge state={stateOf(run.status)} variant="plain" />
        </Link>
        <TimeAgo at={run.created_at} />
      </span>
    </AboveLink>
  );
}

function Starts({ job }: { job: JobDetail }) {
  const schedule = job.triggers.schedule ? scheduleWords(job.schedule.cron) : null;
  const others = triggerWords(job).filter((word) => word !== 'Schedule');
  const words = [...(schedule === null ? [] : [`${schedule} UTC`]), ...others].join(' · ');
  if (words === '') return <span>By hand or the API</span>;
  return <span title={words}>{words}</span>;
}
