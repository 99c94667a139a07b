import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { messageOf } from '@/api/errors';
import { DataTable } from '@/ui/data-table';
import { Section } from '@/ui/page';
import { Problem } from '@/ui/problem';
import { type NodeDetail, nodeRunsQuery, reliabilityQuery } from '../node-api';
import { reliabilityColumns, runColumns } from './history-columns';
import css from './node.module.css';
import type { NodePlace } from './node-page';
import { RunBars } from './run-bars';

interface HistoryPanelProps {
  place: NodePlace;
  node: NodeDetail;
}

/** What became of a node over the last runs, and how reliable its tests are. */
export function HistoryPanel({ place, node }: HistoryPanelProps) {
  return (
    <div className={css.sections}>
      {node.executionInfo !== undefined && <Runs place={place} node={node} />}
      <Reliability place={place} node={node} />
    </div>
  );
}

function Runs({ place, node }: HistoryPanelProps) {
  const runs = useQuery(nodeRunsQuery(place.account, place.environment, node.uniqueId));
  const columns = useMemo(
    () => runColumns(place.account, Number(node.projectId)),
    [place.account, node.projectId],
  );
  return (
    <Section title="Runs of the last 90 days">
      {runs.isError && runs.data === undefined ? (
        <Problem title="The history could not be read" onRetry={() => void runs.refetch()}>
          {messageOf(runs.error)}
        </Problem>
      ) : runs.data?.length === 0 ? (
        <p className={css.dim}>No run has come to it in that time.</p>
      ) : (
        <>
          {runs.data && runs.data.length > 1 && <RunBars runs={runs.data} />}
          <DataTable
            label="Runs of this node"
            columns={columns}
            rows={runs.data}
            rowKey={(run) => `${run.run_id} ${run.step_index} ${run.generated_at}`}
            rowPx={36}
            inline
          />
        </>
      )}
    </Section>
  );
}

function Reliability({ place, node }: HistoryPanelProps) {
  const tests = useQuery(reliabilityQuery(place.account, place.environment));
  const columns = useMemo(() => reliabilityColumns(place), [place]);
  const own = useMemo(() => {
    const ids = new Set([node.uniqueId, ...(node.tests ?? []).map(({ uniqueId }) => uniqueId)]);
    return tests.data?.filter(({ unique_id }) => ids.has(unique_id));
  }, [tests.data, node]);
  if (node.resourceType !== 'test' && (node.tests ?? []).length === 0) return null;
  return (
    <Section
      title="Test reliability, last 30 days"
      help="A flaky test goes over from passing to failing and back, most tellingly between runs of the same commit."
    >
      {tests.isError && tests.data === undefined ? (
        <Problem title="The reliability could not be read" onRetry={() => void tests.refetch()}>
          {messageOf(tests.error)}
        </Problem>
      ) : own?.length === 0 ? (
        <p className={css.dim}>No test has run in that time.</p>
      ) : (
        <DataTable
          label="Test reliability"
          columns={columns}
          rows={own}
          rowKey={({ unique_id }) => unique_id}
          rowPx={36}
          inline
        />
      )}
    </Section>
  );
}
