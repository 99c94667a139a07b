import { UnstyledButton } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import {
  createColumnHelper,
  createSortedRowModel,
  type Header,
  type Row,
  rowSortingFeature,
  sortFn_basic,
  sortFn_text,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import type { RunNode } from '@/api/types';
import { AriaCell, AriaColumnHeader, AriaRow, AriaRowGroup, AriaTable } from '@/ui/aria-table';
import { StateBadge } from '@/ui/state-badge';
import { stateOfNode } from '../../status';
import { NodeTime } from './node-time';
import { newsOf, rankOf } from './node-view';
import css from './nodes-table.module.css';

const features = tableFeatures({
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns: { basic: sortFn_basic, text: sortFn_text },
});

const helper = createColumnHelper<typeof features, RunNode>();

const columns = helper.columns([
  helper.accessor(rankOf, { id: 'state', header: 'State', sortFn: 'basic', sortDescFirst: false }),
  helper.accessor('name', { header: 'Name', sortFn: 'text' }),
  helper.accessor('resource_type', { id: 'type', header: 'Type', sortFn: 'text' }),
  helper.accessor((node) => node.execution_time ?? -1, {
    id: 'time',
    header: 'Time',
    sortFn: 'basic',
    sortDescFirst: true,
  }),
  helper.accessor(({ message }) => newsOf(message), {
    id: 'message',
    header: 'Message',
    sortFn: 'text',
  }),
]);

const rowPx = 36;

interface NodesTableProps {
  nodes: RunNode[];
  opened: string | null;
  onOpen: (node: RunNode) => void;
}

export function NodesTable({ nodes, opened, onOpen }: NodesTableProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const table = useTable({
    features,
    columns,
    data: nodes,
    getRowId: (node) => `${node.step} ${node.unique_id}`,
  });
  const { rows } = table.getRowModel();
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan: 12,
    getItemKey: (place) => rows[place]?.id ?? place,
  });
  const headers = table.getHeaderGroups()[0]?.headers ?? [];
  return (
    <AriaTable ref={scroller} className={css.scroller} label="Nodes" rowCount={rows.length + 1}>
      <AriaRow place={0} className={css.head}>
        {headers.map((header) => (
          <Heading key={header.id} header={header} />
        ))}
      </AriaRow>
      {rows.length === 0 && <p className={css.none}>No node matches.</p>}
      <AriaRowGroup className={css.body} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const row = rows[item.index];
          return (
            row && (
              <NodeRow
                key={item.key}
                row={row}
                place={item.index}
                top={item.start}
                opened={opened}
                onOpen={onOpen}
              />
            )
          );
        })}
      </AriaRowGroup>
    </AriaTable>
  );
}

function Heading({ header }: { header: Header<typeof features, RunNode, unknown> }) {
  const sorted = header.column.getIsSorted();
  const direction = sorted === 'asc' ? 'ascending' : sorted === 'desc' ? 'descending' : 'none';
  const Arrow = sorted === 'desc' ? IconArrowDown : IconArrowUp;
  return (
    <AriaColumnHeader aria-sort={direction} data-column={header.column.id}>
      <UnstyledButton className={css.heading} onClick={header.column.getToggleSortingHandler()}>
        {String(header.column.columnDef.header)}
        {sorted !== false && <Arrow size={12} aria-hidden="true" />}
      </UnstyledButton>
    </AriaColumnHeader>
  );
}

interface NodeRowProps {
  row: Row<typeof features, RunNode>;
  place: number;
  top: number;
  opened: string | null;
  onOpen: (node: RunNode) => void;
}

function NodeRow({ row, place, top, opened, onOpen }: NodeRowProps) {
  const node = row.original;
  const message = newsOf(node.message);
  const { state, word } = stateOfNode(node.status);
  return (
    <AriaRow
      place={place + 1}
      className={css.row}
      data-opened={node.unique_id === opened || undefined}
      style={{ transform: `translateY(${top}px)` }}
    >
      <AriaCell data-column="state">
        <StateBadge state={state} word={word} variant="plain" />
      </AriaCell>
      <AriaCell data-column="name">
        <UnstyledButton className={css.open} onClick={() => onOpen(node)} title={node.unique_id}>
          <bdi className="mono">{node.name}</bdi>
        </UnstyledButton>
      </AriaCell>
      <AriaCell data-column="type">{node.resource_type}</AriaCell>
      <AriaCell data-column="time">
        <NodeTime node={node} />
      </AriaCell>
      <AriaCell data-column="message">
        <span title={message}>{message}</span>
      </AriaCell>
    </AriaRow>
  );
}
