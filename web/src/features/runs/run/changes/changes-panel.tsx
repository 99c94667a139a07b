import { Skeleton, UnstyledButton } from '@mantine/core';
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { messageOf } from '@/api/errors';
import type { Run, RunNode } from '@/api/types';
import { type Column, DataTable, rowLink } from '@/ui/data-table';
import { Section } from '@/ui/page';
import { Problem } from '@/ui/problem';
import { StateBadge } from '@/ui/state-badge';
import { formatExecution } from '@/ui/time';
import { TimeAgo } from '@/ui/time-ago';
import { runNodesQuery } from '../../runs-api';
import { isOver, settledNodes, stateOf, stateOfNode } from '../../status';
import type { ChangeSearch } from '../change-search';
import { previousRunQuery } from '../insight-api';
import { newsOf } from '../nodes/node-view';
import {
  type Changes,
  compare,
  isEmpty,
  type Pair,
  slowerSeconds,
  slowerTimes,
} from './changes-model';
import css from './changes-panel.module.css';

interface ChangesPanelProps {
  account: number;
  run: Run;
  nodes: RunNode[];
  query: UseQueryResult<RunNode[]>;
  change: ChangeSearch;
}

/** What is otherwise than in the job's run before. */
export function ChangesPanel({ account, run, nodes, query, change }: ChangesPanelProps) {
  const previous = useQuery(previousRunQuery(account, run));
  const before = useQuery({
    ...runNodesQuery(account, previous.data?.id ?? 0),
    enabled: previous.data != null,
  });
  const failed = [previous, before, query].find((each) => each.isError && each.data === undefined);
  if (failed) {
    return (
      <Problem title="The runs could not be compared" onRetry={() => void failed.refetch()}>
        {messageOf(failed.error)}
      </Problem>
    );
  }
  if (previous.data === null) {
    return (
      <p className={css.none}>
        No earlier run of this job has come to its end, so there is nothing to compare with.
      </p>
    );
  }
  if (previous.data === undefined || before.data === undefined || query.data === undefined) {
    return <Skeleton className={css.loading} />;
  }
  return (
    <Compared
      account={account}
      run={run}
      nodes={nodes}
      previous={previous.data}
      before={before.data}
      change={change}
    />
  );
}

interface ComparedProps {
  account: number;
  run: Run;
  nodes: RunNode[];
  previous: Run;
  before: RunNode[];
  change: ChangeSearch;
}

function Compared({ account, run, nodes, previous, before, change }: ComparedProps) {
  const over = isOver(run.status);
  const changes = useMemo(
    () => compare(settledNodes(previous, before), nodes, over),
    [previous, before, nodes, over],
  );
  const gone = (pair: Pair) => (
    <Link
      className={rowLink}
      to="/deploy/$account/projects/$project/runs/$run"
      params={{ account, project: previous.project_id, run: previous.id }}
      search={{ tab: 'nodes', node: pair.id }}
    >
      <bdi className="mono">{pair.before?.name}</bdi>
    </Link>
  );
  const open = (pair: Pair) => (
    <UnstyledButton className={rowLink} onClick={() => change({ node: pair.id })} title={pair.id}>
      <bdi className="mono">{pair.now?.name}</bdi>
    </UnstyledButton>
  );
  return (
    <div className={css.panel}>
      <p className={css.note}>
        <span>
          Compared with{' '}
          <Link
            to="/deploy/$account/projects/$project/runs/$run"
            params={{ account, project: previous.project_id, run: previous.id }}
          >
            run #{previous.id}
          </Link>
        </span>
        <StateBadge state={stateOf(previous.status)} variant="plain" />
        <TimeAgo at={previous.finished_at} />
        {!over && <span>This run goes on; what is missing is told when it has ended.</span>}
      </p>
      {isEmpty(changes) && (
        <p className={css.none}>
          {over
            ? 'The same nodes came to the same end, in about the same time.'
            : 'No difference so far.'}
        </p>
      )}
      {parts.map(({ key, title, help }) => (
        <Part
          key={key}
          title={title}
          help={help}
          pairs={changes[key]}
          name={key === 'gone' ? gone : open}
        />
      ))}
    </div>
  );
}

const parts: { key: keyof Changes; title: string; help?: string }[] = [
  { key: 'newFailures', title: 'New failures' },
  { key: 'stillFailing', title: 'Still failing' },
  { key: 'fixed', title: 'Fixed' },
  {
    key: 'slower',
    title: 'Slower',
    help: `More than ${slowerTimes} times as long as before, and at least ${slowerSeconds} s longer.`,
  },
  { key: 'added', title: 'New nodes' },
  { key: 'gone', title: 'No longer there', help: 'They ran before and did not now.' },
];

/** More rows than anybody reads; the Nodes tab filters and sorts all. */
const mostRows = 200;

interface PartProps {
  title: string;
  help: string | undefined;
  pairs: readonly Pair[];
  name: (pair: Pair) => React.ReactNode;
}

function Part({ title, help, pairs, name }: PartProps) {
  if (pairs.length === 0) return null;
  const columns: Column<Pair>[] = [
    { key: 'name', title: 'Node', width: 'minmax(160px, 2fr)', cell: name },
    {
      key: 'type',
      title: 'Type',
      width: '88px',
      cell: ({ now, before }) => (now ?? before)?.resource_type,
      wideOnly: true,
    },
    { key: 'before', title: 'Before', width: '168px', cell: ({ before }) => <End node={before} /> },
    { key: 'now', title: 'Now', width: '168px', cell: ({ now }) => <End node={now} /> },
    {
      key: 'message',
      title: 'Message',
      width: 'minmax(120px, 3fr)',
      cell: ({ now }) => newsOf(now?.message ?? null),
      wideOnly: true,
    },
  ];
  const more = pairs.length - mostRows;
  return (
    <Section title={`${title} (${pairs.length.toLocaleString('en')})`} help={help}>
      <DataTable
        inline
        label={title}
        columns={columns}
        rows={pairs.slice(0, mostRows)}
        rowKey={({ id }) => id}
        rowPx={36}
      />
      {more > 0 && (
        <p className={css.note}>And {more.toLocaleString('en')} more, which the Nodes tab lists.</p>
      )}
    </Section>
  );
}

/** What came of a node, and in what time. */
function End({ node }: { node: RunNode | null }) {
  if (node === null) return '–';
  const { state, word } = stateOfNode(node.status);
  return (
    <span className={css.end}>
      <StateBadge state={state} word={word} variant="plain" />
      {node.execution_time !== null && (
        <span className="tabular">{formatExecution(node.execution_time * 1_000)}</span>
      )}
    </span>
  );
}
