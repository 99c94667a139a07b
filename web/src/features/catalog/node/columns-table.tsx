import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { DataTable, type Column as TableColumn } from '@/ui/data-table';
import { StateIcon } from '@/ui/state-icon';
import { lastState } from '../kinds';
import type { Column, NodeTest } from '../node-api';
import css from './node.module.css';
import type { NodePlace } from './node-page';

interface ColumnsTableProps {
  place: NodePlace;
  columns: readonly Column[] | undefined;
  tests: readonly NodeTest[];
}

/** Names of columns come back in the warehouse's case, those of tests in the project's. */
function testsByColumn(tests: readonly NodeTest[]): Map<string, NodeTest[]> {
  const found = new Map<string, NodeTest[]>();
  for (const test of tests) {
    const column = test.columnName?.toLowerCase();
    if (column === undefined) continue;
    found.set(column, [...(found.get(column) ?? []), test]);
  }
  return found;
}

export function ColumnsTable({ place, columns, tests }: ColumnsTableProps) {
  const shown = useMemo((): TableColumn<Column>[] => {
    const own = testsByColumn(tests);
    return [
      {
        key: 'name',
        title: 'Name',
        width: 'minmax(140px, 1fr)',
        cell: ({ name }) => <span className={`mono ${css.columnName}`}>{name}</span>,
      },
      {
        key: 'type',
        title: 'Type',
        width: 'minmax(96px, 140px)',
        cell: ({ type }) => <span className="mono">{type ?? '–'}</span>,
      },
      {
        key: 'description',
        title: 'Description',
        width: 'minmax(160px, 3fr)',
        wideOnly: true,
        cell: ({ description, comment }) => (
          <bdi title={description || comment || undefined}>{description || comment || '–'}</bdi>
        ),
      },
      {
        key: 'tests',
        title: 'Tests',
        width: 'minmax(120px, 1.5fr)',
        cell: ({ name }) => <ColumnTests place={place} tests={own.get(name.toLowerCase()) ?? []} />,
      },
    ];
  }, [place, tests]);
  return (
    <DataTable
      label="Columns"
      columns={shown}
      rows={columns}
      rowKey={({ name }) => name}
      rowPx={36}
      inline
    />
  );
}

/** As many as have room; all of them stand in the table of tests. */
const mostTests = 2;

function ColumnTests({ place, tests }: { place: NodePlace; tests: readonly NodeTest[] }) {
  if (tests.length === 0) return <span>–</span>;
  return (
    <span className={css.columnTests}>
      {tests.slice(0, mostTests).map(({ uniqueId, name, testName, executionInfo }) => {
        const state = lastState(executionInfo?.lastRunStatus);
        return (
          <Link
            key={uniqueId}
            to="/explore/$account/environments/$environment/nodes/$node/"
            params={{ ...place, node: uniqueId }}
            className={css.columnTest}
            title={name}
          >
            {state && <StateIcon state={state.state} size={14} label={state.word} />}
            {testName ?? name}
          </Link>
        );
      })}
      {tests.length > mostTests && (
        <span title={tests.map(({ name }) => name).join('\n')}>+{tests.length - mostTests}</span>
      )}
    </span>
  );
}
