import { Skeleton, Switch } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useCallback, useMemo, useState } from 'react';
import { messageOf } from '@/api/errors';
import type { Run, RunNode } from '@/api/types';
import { Graph } from '@/ui/graph/graph';
import { Problem } from '@/ui/problem';
import type { RunSearch } from '../../search-params';
import { isOver } from '../../status';
import type { ChangeSearch } from '../change-search';
import { lineageQuery } from '../insight-api';
import { draw } from './lineage-model';
import css from './lineage-panel.module.css';

interface LineagePanelProps {
  account: number;
  run: Run;
  nodes: RunNode[];
  pending: boolean;
  search: RunSearch;
  change: ChangeSearch;
}

/** The run's nodes by what they depend on, each in its state. */
export function LineagePanel(props: LineagePanelProps) {
  const { account, run, nodes, pending, search, change } = props;
  const query = useQuery(lineageQuery(account, run));
  const lineage = query.data;
  const [withTests, setWithTests] = useState(false);
  const drawn = useMemo(
    () => (lineage ? draw(nodes, lineage, withTests) : null),
    [nodes, lineage, withTests],
  );
  const onSelect = useCallback(
    (id: string) => {
      if (nodes.some((node) => node.unique_id === id)) change({ node: id });
    },
    [nodes, change],
  );
  if (query.isError && lineage === undefined) {
    return (
      <Problem title="The lineage could not be read" onRetry={() => void query.refetch()}>
        {messageOf(query.error)}
      </Problem>
    );
  }
  if (lineage === undefined || pending) return <Skeleton className={css.loading} />;
  if (lineage === null || drawn === null) {
    return (
      <p className={css.none}>
        {isOver(run.status)
          ? 'There is no lineage: the run has left no manifest.json, which says what depends on what.'
          : 'The lineage comes with the run’s manifest.json, which dbt writes as a step ends. No earlier run of this job has left one.'}
      </p>
    );
  }
  if (nodes.length === 0) {
    return (
      <p className={css.none}>
        {isOver(run.status)
          ? 'dbt reported no node in this run.'
          : 'Nodes appear here as dbt starts them.'}
      </p>
    );
  }
  return (
    <div className={css.panel}>
      <div className={css.head}>
        <p className={css.note}>
          <Source account={account} run={run} from={lineage.run} />
        </p>
        <Switch
          size="xs"
          label="Show all tests"
          checked={withTests}
          onChange={(event) => setWithTests(event.currentTarget.checked)}
        />
      </div>
      <Graph
        nodes={drawn.nodes}
        edges={drawn.edges}
        selected={search.node ?? null}
        onSelect={onSelect}
        label={`Lineage of run ${run.id}`}
      />
    </div>
  );
}

/** Which manifest it is drawn by, where that is another run's; else what is to be seen. */
function Source({ account, run, from }: { account: number; run: Run; from: number }) {
  if (from === run.id) return 'Dashed nodes were no part of this run.';
  return (
    <>
      This run has no manifest yet; what depends on what is from{' '}
      <Link
        to="/deploy/$account/projects/$project/runs/$run"
        params={{ account, project: run.project_id, run: from }}
      >
        run #{from}
      </Link>
      .
    </>
  );
}
