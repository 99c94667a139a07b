import { Link } from '@tanstack/react-router';
import type { Run } from '@/api/types';
import { Duration } from '@/ui/duration';
import { StateBadge } from '@/ui/state-badge';
import { phasesOf } from '../runs/run-facts';
import { stateOf } from '../runs/status';
import { AllWell } from './all-well';
import css from './dashboard.module.css';
import { RunProgress } from './run-progress';

interface RunningNowProps {
  account: number;
  runs: readonly Run[];
  /** There are more than these. */
  more: boolean;
}

const mostShown = 8;

/** What is in progress, with how far it is. */
export function RunningNow({ account, runs, more }: RunningNowProps) {
  if (runs.length === 0) return <AllWell>Nothing runs and nothing waits.</AllWell>;
  const hidden = runs.length - mostShown;
  return (
    <div className={css.card}>
      <ul className={css.list}>
        {runs.slice(0, mostShown).map((run) => (
          <li key={run.id} className={css.entry}>
            <RunningRun account={account} run={run} />
          </li>
        ))}
      </ul>
      {(hidden > 0 || more) && (
        <Link
          to="/deploy/$account/runs"
          params={{ account }}
          search={{ status: 'running,queued' }}
          className={css.more}
        >
          {more ? 'All that run or wait' : `${hidden} more`}
        </Link>
      )}
    </div>
  );
}

function RunningRun({ account, run }: { account: number; run: Run }) {
  const { queued, ran } = phasesOf(run);
  return (
    <>
      <div className={css.line}>
        <StateBadge state={stateOf(run.status)} variant="plain" />
        <Link
          to="/deploy/$account/projects/$project/runs/$run"
          params={{ account, project: run.project_id, run: run.id }}
          className={css.link}
        >
          <bdi>{run.job?.name ?? `Job ${run.job_definition_id}`}</bdi>
        </Link>
        <span className={css.dim}>
          #{run.id} · <Duration from={(run.status === 1 ? queued : ran).from} to={null} />
        </span>
      </div>
      <RunProgress account={account} run={run} />
    </>
  );
}
