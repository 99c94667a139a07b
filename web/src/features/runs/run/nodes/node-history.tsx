import { Skeleton, Tooltip } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { messageOf } from '@/api/errors';
import type { Run, RunNode } from '@/api/types';
import { stateTone } from '@/ui/states';
import { formatExecution, formatLocal, parseTimestamp } from '@/ui/time';
import { stateOfNode } from '../../status';
import { type NodePast, nodeHistoryQuery } from '../insight-api';
import { medianOf } from './median';
import css from './node-history.module.css';

const mostBars = 40;
const chartPx = 72;

interface NodeHistoryProps {
  account: number;
  run: Run;
  node: RunNode;
}

/** The node in its environment's runs of the last month: a bar each, as high as it took long. */
export function NodeHistory({ account, run, node }: NodeHistoryProps) {
  const query = useQuery(nodeHistoryQuery(account, run.environment_id, node.unique_id));
  const past = query.data?.slice(0, mostBars).toReversed() ?? [];
  return (
    <section className={css.root} aria-label="History of this node">
      <h3 className={css.title}>History</h3>
      {query.isPending && <Skeleton height={chartPx} />}
      {query.isError && <p className={css.none}>{messageOf(query.error)}</p>}
      {query.data?.length === 0 && (
        <p className={css.none}>
          Nothing yet: its results are kept once a run that built it has ended.
        </p>
      )}
      {past.length > 0 && <Bars account={account} run={run} id={node.unique_id} past={past} />}
    </section>
  );
}

type BarsProps = Omit<PastBarProps, 'past' | 'share'> & { past: NodePast[] };

function Bars({ account, run, id, past }: BarsProps) {
  const times = past.map(({ execution_time }) => execution_time ?? 0);
  const longest = Math.max(...times, 0.001);
  const median = medianOf(times);
  return (
    <>
      <p className={css.none}>
        {past.length === 1 ? 'One run' : `The last ${past.length} runs`} in{' '}
        <bdi>{run.environment?.name ?? 'this environment'}</bdi>; median{' '}
        <span className="tabular">{formatExecution(median * 1_000)}</span>, longest{' '}
        <span className="tabular">{formatExecution(longest * 1_000)}</span>
      </p>
      <ol className={css.bars} style={{ height: chartPx }} aria-label="Runs, the latest last">
        {past.map((one) => (
          <PastBar
            key={`${one.run_id} ${one.generated_at}`}
            account={account}
            run={run}
            id={id}
            past={one}
            share={(one.execution_time ?? 0) / longest}
          />
        ))}
      </ol>
    </>
  );
}

interface PastBarProps {
  account: number;
  run: Run;
  id: string;
  past: NodePast;
  share: number;
}

function PastBar({ account, run, id, past, share }: PastBarProps) {
  const { state, word } = stateOfNode(past.status);
  const at = parseTimestamp(past.generated_at);
  const words = [
    `#${past.run_id}`,
    word,
    past.execution_time !== null && formatExecution(past.execution_time * 1_000),
    past.rows_affected !== null && `${past.rows_affected.toLocaleString('en')} rows`,
    past.failures !== null && past.failures > 0 && `${past.failures.toLocaleString('en')} failures`,
    at !== null && formatLocal(at),
  ]
    .filter(Boolean)
    .join(' · ');
  return (
    <li className={css.slot}>
      <Tooltip label={words}>
        <Link
          to="/deploy/$account/projects/$project/runs/$run"
          params={{ account, project: run.project_id, run: past.run_id }}
          search={{ tab: 'nodes', node: id }}
          className={css.link}
          aria-label={words}
          aria-current={past.run_id === run.id ? 'true' : undefined}
        >
          <span
            className={css.bar}
            data-tone={stateTone[state]}
            style={{ height: `${Math.max(6, Math.round(share * 100))}%` }}
          />
        </Link>
      </Tooltip>
    </li>
  );
}
