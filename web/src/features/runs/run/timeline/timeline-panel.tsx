import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Run, RunNode } from '@/api/types';
import { formatExecution } from '@/ui/time';
import { useCoarseNow } from '@/ui/use-now';
import type { RunSearch } from '../../search-params';
import { isOver } from '../../status';
import type { ChangeSearch } from '../change-search';
import { lineageQuery } from '../insight-api';
import { TimelineChart } from './timeline-chart';
import { type Bar, barsOf, criticalPath, spanOf } from './timeline-model';
import css from './timeline-panel.module.css';

interface TimelinePanelProps {
  account: number;
  run: Run;
  nodes: RunNode[];
  pending: boolean;
  search: RunSearch;
  change: ChangeSearch;
}

/** What ran when, and beside what. */
export function TimelinePanel(props: TimelinePanelProps) {
  const { account, run, nodes, pending, search, change } = props;
  const over = isOver(run.status);
  const now = useCoarseNow(1_000);
  const lineage = useQuery(lineageQuery(account, run));
  // Only what still runs grows with the clock.
  const until = over ? 0 : now;
  const bars = useMemo(() => barsOf(nodes, until), [nodes, until]);
  const upstream = lineage.data?.upstream;
  const critical = useMemo(
    () => (over && upstream ? criticalPath(bars, upstream) : []),
    [over, bars, upstream],
  );
  if (pending) return <Skeleton className={css.loading} />;
  if (bars.length === 0) {
    return (
      <p className={css.none}>
        {over
          ? 'dbt ran no node in this run.'
          : 'A bar appears here for each node as dbt starts it.'}
      </p>
    );
  }
  return (
    <div className={css.panel}>
      <p className={css.summary}>
        <Summary bars={bars} critical={critical} over={over} known={upstream !== undefined} />
      </p>
      <TimelineChart
        bars={bars}
        critical={critical}
        selected={search.node ?? null}
        onSelect={(node) => change({ node })}
      />
    </div>
  );
}

interface SummaryProps {
  bars: readonly Bar[];
  critical: readonly string[];
  over: boolean;
  known: boolean;
}

function Summary({ bars, critical, over, known }: SummaryProps) {
  const lanes = bars.reduce((most, { lane }) => Math.max(most, lane + 1), 0);
  const { from, to } = spanOf(bars);
  const worked = bars.reduce((sum, bar) => sum + bar.to - bar.from, 0);
  const on = new Set(critical);
  const path = bars.filter(({ id }) => on.has(id)).reduce((sum, bar) => sum + bar.to - bar.from, 0);
  const busy = Math.round((100 * worked) / (lanes * (to - from)));
  return (
    <>
      <span>
        {bars.length.toLocaleString('en')} nodes on {lanes} {lanes === 1 ? 'thread' : 'threads'},
        busy {Math.min(100, busy)}% of {formatExecution(to - from)}.
      </span>
      {critical.length > 0 && (
        <span className={css.path}>
          <span className={css.mark} aria-hidden="true" />
          Critical path: {critical.length} {critical.length === 1 ? 'node' : 'nodes'},{' '}
          {formatExecution(path)} of {formatExecution(to - from)}
        </span>
      )}
      {over && !known && (
        <span>The critical path needs the run’s manifest, which is not there.</span>
      )}
    </>
  );
}
