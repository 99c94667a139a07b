import { useQuery } from '@tanstack/react-query';
import type { Run } from '@/api/types';
import { runNodesQuery, runQuery } from '../runs/runs-api';
import { useRunLive } from '../runs/use-runs-live';
import { progressOf } from './progress';
import css from './run-progress.module.css';

interface RunProgressProps {
  account: number;
  run: Run;
}

/** How far a run is, live: a bar, and the step and nodes in words. A run that waits has none. */
export function RunProgress({ account, run }: RunProgressProps) {
  return run.status === 1 ? (
    <span className={css.words}>Waits for its turn</span>
  ) : (
    <LiveProgress account={account} run={run} />
  );
}

function LiveProgress({ account, run }: RunProgressProps) {
  const detail = useQuery(runQuery(account, run.id));
  const nodes = useQuery(runNodesQuery(account, run.id));
  useRunLive(account, run.id);
  const progress = progressOf(detail.data ?? run, nodes.data ?? []);
  if (progress === null) return <span className={css.words}>Preparing</span>;
  const { step, steps, stepName, nodesDone, nodes: all, part } = progress;
  const words =
    all === 0
      ? `Step ${step} of ${steps}`
      : `Step ${step} of ${steps} · ${nodesDone} of ${all} nodes`;
  return (
    <span className={css.root} title={stepName}>
      <span
        className={css.track}
        role="progressbar"
        aria-label={`Progress of run ${run.id}`}
        aria-valuenow={Math.round(part * 100)}
        aria-valuetext={words}
      >
        <span className={css.bar} style={{ transform: `scaleX(${part})` }} />
      </span>
      <span className={`${css.words} tabular`}>{words}</span>
    </span>
  );
}
