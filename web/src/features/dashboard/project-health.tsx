import { Skeleton } from '@mantine/core';
import { useQueries, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { ApiError, messageOf } from '@/api/errors';
import { Problem } from '@/ui/problem';
import { formatDuration } from '@/ui/time';
import { useCoarseNow } from '@/ui/use-now';
import css from './dashboard.module.css';
import { dayQuery, type JobTotals, type Project, projectsQuery } from './dashboard-api';
import { DayStrip } from './day-strip';
import { type Day, type Health, healthOf, lastDays, percentOf } from './health';

const dayCount = 30;
const hourMs = 60 * 60 * 1_000;

interface Totals {
  perDay: (JobTotals[] | undefined)[];
  pending: boolean;
  error: Error | null;
}

function useTotals(account: number, days: readonly Day[]): Totals {
  return useQueries({
    queries: days.map(({ date, next, over }) => dayQuery(account, date, next, over)),
    combine: (answers) => ({
      perDay: answers.map(({ data }) => data),
      pending: answers.some(({ data, isError }) => data === undefined && !isError),
      error: answers.find(({ data, error }) => data === undefined && error)?.error ?? null,
    }),
  });
}

/** Each project's last 30 days: a strip of days, how many runs went well, which job takes longest. */
export function ProjectHealth({ account }: { account: number }) {
  const projects = useQuery(projectsQuery(account));
  const now = useCoarseNow(hourMs);
  const days = useMemo(() => lastDays(now, dayCount), [now]);
  const totals = useTotals(account, days);
  if (totals.error !== null) {
    const forbidden = totals.error instanceof ApiError && totals.error.kind === 'forbidden';
    return (
      <Problem
        title={forbidden ? 'You may not see what runs came to' : 'The history could not be read'}
      >
        {messageOf(totals.error)}
      </Problem>
    );
  }
  if (projects.data === undefined || totals.pending) return <Skeleton height={64} />;
  const perDay = totals.perDay.map((rows) => rows ?? []);
  return (
    <div className={css.card}>
      <ul className={css.list}>
        {projects.data.map((project) => (
          <li key={project.id} className={css.project}>
            <ProjectRow
              account={account}
              project={project}
              health={healthOf(project.id, days, perDay)}
            />
          </li>
        ))}
      </ul>
    </div>
  );
}

function ProjectRow({
  account,
  project,
  health,
}: {
  account: number;
  project: Project;
  health: Health;
}) {
  const { runs, failed, rate, slowest } = health;
  return (
    <>
      <Link
        to="/settings/$account/projects/$project"
        params={{ account, project: project.id }}
        className={css.link}
      >
        <bdi>{project.name}</bdi>
      </Link>
      <DayStrip days={health.days} name={project.name} />
      {rate === null ? (
        <span className={css.dim}>No runs</span>
      ) : (
        <span className={`${css.rate} tabular`}>
          {percentOf(rate)} <span className={css.dim}>without error</span>
          <span className={css.dim}>
            {' '}
            · {failed.toLocaleString('en')} of {runs.toLocaleString('en')} failed
          </span>
        </span>
      )}
      {slowest === null ? (
        <span />
      ) : (
        <span className={css.slowest}>
          <span className={css.dim}>Slowest: </span>
          <Link
            to="/deploy/$account/projects/$project/jobs/$job"
            params={{ account, project: project.id, job: slowest.job }}
            className={css.link}
          >
            <bdi>{slowest.name}</bdi>
          </Link>
          <span className={`${css.dim} tabular`}>
            {' '}
            {formatDuration(slowest.seconds * 1_000)} on average
          </span>
        </span>
      )}
    </>
  );
}
