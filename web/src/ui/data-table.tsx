import { Skeleton } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type Key, type ReactNode, useCallback, useEffect, useRef } from 'react';
import { AriaCell, AriaColumnHeader, AriaRow, AriaRowGroup, AriaTable } from './aria-table';
import css from './data-table.module.css';
import { useRowKeys } from './row-keys';

export interface Column<Row> {
  key: string;
  title: string;
  /** A grid track: `112px`, `minmax(120px, 2fr)`. */
  width: string;
  cell: (row: Row) => ReactNode;
  /** Left out below 768 px, where a row has its first column above and the others beneath it in one line. */
  wideOnly?: boolean;
  align?: 'right';
}

interface DataTableProps<Row> {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[] | undefined;
  rowKey: (row: Row) => Key;
  /** All that there are, loaded or not. */
  total?: number;
  /** The last rows are near: time to read more. */
  onNearEnd?: () => void;
  /** As high as its rows, in a page that scrolls itself. Else it fills what its page leaves and scrolls within. */
  inline?: boolean;
  rowPx?: number;
}

const skeletonRows = 8;

/**
 * A list's table: sticky heading, virtual rows, j and k. The first column's cell holds a link or button with the class
 * of `rowLink`, whose area is the whole row; what else can be pressed in a row stands in `RowActions`.
 */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, columns, rows, rowKey, total, onNearEnd, inline = false, rowPx = 40 } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const count = rows?.length ?? 0;
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan: inline ? count : 12,
    getItemKey: (place) => (rows?.[place] === undefined ? place : rowKey(rows[place])),
  });
  const scrollTo = useCallback((place: number) => virtual.scrollToIndex(place), [virtual]);
  useRowKeys(count, scrollTo, scroller);
  const items = virtual.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? -1;
  useEffect(() => {
    if (count > 0 && lastShown >= count - 20) onNearEnd?.();
  }, [lastShown, count, onNearEnd]);
  const tracks = { gridTemplateColumns: columns.map(({ width }) => width).join(' ') };
  return (
    <div className={css.frame} data-inline={inline || undefined}>
      <AriaTable
        ref={scroller}
        className={css.scroller}
        label={label}
        rowCount={(total ?? count) + 1}
        aria-busy={rows === undefined}
        // Chromium lets one scroll by keys only what has the focus.
        tabIndex={inline ? undefined : 0}
      >
        <AriaRow className={css.head} place={0} style={tracks}>
          {columns.map(({ key, title, align, wideOnly }) => (
            <AriaColumnHeader key={key} data-align={align} data-wide-only={wideOnly}>
              {title}
            </AriaColumnHeader>
          ))}
        </AriaRow>
        {rows === undefined && (
          <LoadingRows columns={columns.length} rowPx={rowPx} tracks={tracks} />
        )}
        <AriaRowGroup className={css.body} style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const row = rows?.[item.index];
            if (row === undefined) return null;
            return (
              <AriaRow
                key={item.key}
                place={item.index + 1}
                data-place={item.index}
                className={css.row}
                style={{ ...tracks, height: rowPx, transform: `translateY(${item.start}px)` }}
              >
                {columns.map(({ key, cell, align, wideOnly }) => (
                  <AriaCell key={key} data-align={align} data-wide-only={wideOnly}>
                    {cell(row)}
                  </AriaCell>
                ))}
              </AriaRow>
            );
          })}
        </AriaRowGroup>
      </AriaTable>
    </div>
  );
}

interface LoadingRowsProps {
  columns: number;
  rowPx: number;
  tracks: { gridTemplateColumns: string };
}

function LoadingRows({ columns, rowPx, tracks }: LoadingRowsProps) {
  return (
    <div aria-hidden="true">
      {Array.from({ length: skeletonRows }, (_, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: all alike.
        <div key={place} className={css.skeleton} style={{ ...tracks, height: rowPx }}>
          {Array.from({ length: columns }, (__, column) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: all alike.
            <Skeleton key={column} height={12} width="70%" />
          ))}
        </div>
      ))}
    </div>
  );
}

/** Of the link or button in a row's first cell. */
export const rowLink = css.link ?? '';

/** What else can be pressed in a row: above its link, shown on hover and focus. */
export function RowActions({ children }: { children: ReactNode }) {
  return <span className={css.actions}>{children}</span>;
}

/** Something in a row with a tooltip or a copy button of its own: above the row's link. */
export function AboveLink({ children }: { children: ReactNode }) {
  return <span className={css.above}>{children}</span>;
}
