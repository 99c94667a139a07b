import { Skeleton } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useRef } from 'react';
import type { Run } from '@/api/types';
import { AriaColumnHeader, AriaRow, AriaRowGroup, AriaTable } from '@/ui/aria-table';
import { useRowKeys } from '@/ui/row-keys';
import { RunRow } from './run-row';
import css from './runs-table.module.css';

interface RunsTableProps {
  account: number;
  runs: readonly Run[];
  /** All runs that match, loaded or not. */
  total: number;
  loading: boolean;
  loadingMore: boolean;
  onNearEnd: () => void;
}

const columns = ['State', 'Run', 'Job', 'Environment', 'Trigger', 'Commit', 'Started', 'Duration'];
const wideRowPx = 40;
const narrowRowPx = 72;
const skeletonRows = 12;

export function RunsTable(props: RunsTableProps) {
  const { account, runs, total, loading, loadingMore, onNearEnd } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const narrow = useMediaQuery('(max-width: 768px)', false, { getInitialValueInEffect: false });
  const rowPx = narrow ? narrowRowPx : wideRowPx;
  const virtual = useVirtualizer({
    count: runs.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan: 12,
    getItemKey: (place) => runs[place]?.id ?? place,
  });
  const scrollTo = useCallback((place: number) => virtual.scrollToIndex(place), [virtual]);
  useRowKeys(runs.length, scrollTo, scroller);
  const items = virtual.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? -1;
  useEffect(() => {
    if (runs.length > 0 && lastShown >= runs.length - 20) onNearEnd();
  }, [lastShown, runs.length, onNearEnd]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height is what it reacts to.
  useEffect(() => virtual.measure(), [rowPx, virtual]);

  return (
    <div className={css.frame}>
      <AriaTable
        ref={scroller}
        className={css.scroller}
        label="Runs"
        rowCount={total + 1}
        aria-busy={loading}
      >
        <AriaRow className={css.head} place={0}>
          {columns.map((column) => (
            <AriaColumnHeader key={column}>{column}</AriaColumnHeader>
          ))}
        </AriaRow>
        {loading && <LoadingRows rowPx={rowPx} />}
        <AriaRowGroup className={css.body} style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const run = runs[item.index];
            if (run === undefined) return null;
            return (
              <RunRow
                key={item.key}
                account={account}
                run={run}
                place={item.index}
                top={item.start}
                height={rowPx}
              />
            );
          })}
        </AriaRowGroup>
        {loadingMore && <div className={css.more}>Reading older runs…</div>}
      </AriaTable>
      <div className={css.hint} aria-hidden="true">
        <kbd>j</kbd> <kbd>k</kbd> move · <kbd>Enter</kbd> open
      </div>
    </div>
  );
}

function LoadingRows({ rowPx }: { rowPx: number }) {
  return (
    <div aria-hidden="true">
      {Array.from({ length: skeletonRows }, (_, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: all alike.
        <div key={place} className={css.skeleton} style={{ height: rowPx }}>
          {columns.map((column) => (
            <Skeleton key={column} height={12} width="70%" />
          ))}
        </div>
      ))}
    </div>
  );
}
