import { IconClockExclamation } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { Run } from '@/api/types';
import { Duration } from '@/ui/duration';
import { ExactTime } from '@/ui/time-ago';
import { useCoarseNow } from '@/ui/use-now';
import { AllWell } from './all-well';
import css from './dashboard.module.css';
import type { JobState } from './dashboard-api';
import { type Late, lateOf } from './late';

interface LateListProps {
  account: number;
  jobs: readonly JobState[];
  runs: readonly Run[];
}

const mostShown = 8;

/** Jobs that should have started, and runs that wait long in the queue. */
export function LateList({ account, jobs, runs }: LateListProps) {
  const now = useCoarseNow(10_000);
  const late = lateOf(jobs, runs, now);
  if (late.length === 0) return <AllWell>Schedules are kept, and no run waits long.</AllWell>;
  return (
    <div className={css.card}>
      <ul className={css.list}>
        {late.slice(0, mostShown).map((one) => (
          <li
            key={`${one.kind} ${one.kind === 'queue' ? one.run.id : one.job.id}`}
            className={css.entry}
          >
            <LateEntry account={account} late={one} />
          </li>
        ))}
      </ul>
      {late.length > mostShown && <p className={css.more}>{late.length - mostShown} more</p>}
    </div>
  );
}

function LateEntry({ account, late }: { account: number; late: Late }) {
  const length = (
    <ExactTime ms={late.sinceMs}>
      <span>
        <Duration from={late.sinceMs} to={null} />
      </span>
    </ExactTime>
  );
  return (
    <div className={css.line}>
      <IconClockExclamation size={16} className={css.lateIcon} aria-hidden="true" />
      {late.kind === 'queue' ? (
        <>
          <Link
            to="/deploy/$account/projects/$project/runs/$run"
            params={{ account, project: late.run.project_id, run: late.run.id }}
            className={css.link}
          >
            <bdi>{late.run.job?.name ?? `Job ${late.run.job_definition_id}`}</bdi> #{late.run.id}
          </Link>
          <span className={css.dim}>in the queue for {length}</span>
        </>
      ) : (
        <>
          <Link
            to="/deploy/$account/projects/$project/jobs/$job"
            params={{ account, project: late.job.project_id, job: late.job.id }}
            className={css.link}
          >
            <bdi>{late.job.name}</bdi>
          </Link>
          <span className={css.dim}>should have started {length} ago</span>
        </>
      )}
    </div>
  );
}
