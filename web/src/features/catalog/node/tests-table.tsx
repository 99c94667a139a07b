import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { AboveLink, type Column, DataTable, rowLink } from '@/ui/data-table';
import { TimeAgo } from '@/ui/time-ago';
import { lastState } from '../kinds';
import type { NodeTest } from '../node-api';
import { StateCell } from '../state-cell';
import css from './node.module.css';
import type { NodePlace } from './node-page';

const columnsOf = (place: NodePlace): Column<NodeTest>[] => [
  {
    key: 'name',
    title: 'Test',
    width: 'minmax(200px, 3fr)',
    cell: ({ uniqueId, name }) => (
      <Link
        to="/explore/$account/environments/$environment/nodes/$node/"
        params={{ ...place, node: uniqueId }}
        className={rowLink}
        title={name}
      >
        {name}
      </Link>
    ),
  },
  {
    key: 'column',
    title: 'Column',
    width: 'minmax(96px, 1fr)',
    wideOnly: true,
    cell: ({ columnName }) => <span className="mono">{columnName ?? '–'}</span>,
  },
  {
    key: 'state',
    title: 'Last status',
    width: '96px',
    cell: ({ executionInfo }) => <StateCell state={lastState(executionInfo?.lastRunStatus)} />,
  },
  {
    key: 'failures',
    title: 'Rows found',
    width: '80px',
    align: 'right',
    wideOnly: true,
    cell: ({ executionInfo }) => (
      <span className="tabular">{executionInfo?.lastRunFailures?.toLocaleString('en') ?? '–'}</span>
    ),
  },
  {
    key: 'when',
    title: 'Last run',
    width: '96px',
    wideOnly: true,
    cell: ({ executionInfo }) => (
      <AboveLink>
        <TimeAgo at={executionInfo?.lastRunGeneratedAt} />
      </AboveLink>
    ),
  },
];

const rank = (test: NodeTest) => {
  const state = lastState(test.executionInfo?.lastRunStatus)?.state;
  return state === 'error' ? 0 : state === 'warning' ? 1 : 2;
};

/** A node's tests, those that did not pass first. */
export function TestsTable({ place, tests }: { place: NodePlace; tests: readonly NodeTest[] }) {
  const columns = useMemo(() => columnsOf(place), [place]);
  const rows = useMemo(
    () => [...tests].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name)),
    [tests],
  );
  if (rows.length === 0) return <p className={css.dim}>No test looks at it.</p>;
  return (
    <DataTable
      label="Tests"
      columns={columns}
      rows={rows}
      rowKey={({ uniqueId }) => uniqueId}
      rowPx={36}
      inline
    />
  );
}
