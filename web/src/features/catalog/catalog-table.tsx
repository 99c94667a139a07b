import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { type Column, DataTable, rowLink } from '@/ui/data-table';
import css from './catalog.module.css';
import { type Entry, entryKey } from './entries';
import { sourceTitle } from './freshness-rows';
import { KindIcon } from './kind-icon';
import { freshnessState, kindWord, lastState } from './kinds';
import { StateCell } from './state-cell';

/** Of a source whether it is fresh, of all else what its last run came to. */
function stateOf({ node, freshness }: Entry) {
  return node.resourceType === 'source' ? freshnessState(freshness) : lastState(node.lastRunStatus);
}

function columns(account: number): Column<Entry>[] {
  return [
    {
      key: 'name',
      title: 'Name',
      width: 'minmax(180px, 2fr)',
      cell: ({ environment, node }) => (
        <span className={css.nameCell}>
          <KindIcon type={node.resourceType} />
          <Link
            to="/explore/$account/environments/$environment/nodes/$node/"
            params={{ account, environment: environment.id, node: node.uniqueId }}
            className={rowLink}
            title={node.name}
          >
            <bdi>{sourceTitle(node)}</bdi>
          </Link>
        </span>
      ),
    },
    {
      key: 'kind',
      title: 'Type',
      width: '104px',
      cell: ({ node }) => kindWord(node.resourceType),
    },
    {
      key: 'state',
      title: 'Last status',
      width: '104px',
      cell: (entry) => <StateCell state={stateOf(entry)} />,
    },
    {
      key: 'materialised',
      title: 'Materialised',
      width: '104px',
      wideOnly: true,
      cell: ({ node }) => (node.resourceType === 'test' ? '–' : (node.materializationType ?? '–')),
    },
    {
      key: 'place',
      title: 'Environment',
      width: 'minmax(120px, 1fr)',
      wideOnly: true,
      cell: ({ environment }) => (
        <bdi>
          {environment.project?.name ?? `Project ${environment.project_id}`} · {environment.name}
        </bdi>
      ),
    },
    {
      key: 'description',
      title: 'Description',
      width: 'minmax(160px, 3fr)',
      wideOnly: true,
      cell: ({ node }) => (
        <bdi title={node.description ?? undefined}>{node.description || '–'}</bdi>
      ),
    },
  ];
}

export function CatalogTable({
  account,
  entries,
}: {
  account: number;
  entries: readonly Entry[] | undefined;
}) {
  const shown = useMemo(() => columns(account), [account]);
  return (
    <DataTable
      label="Catalog"
      columns={shown}
      rows={entries}
      rowKey={({ environment, node }) => entryKey(environment.id, node.uniqueId)}
    />
  );
}
