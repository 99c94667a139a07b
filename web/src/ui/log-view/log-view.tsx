import { Button } from '@mantine/core';
import { IconArrowDown } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, type Ref, useEffect, useImperativeHandle, useRef, useState } from 'react';
import { LogLineContent } from './log-line';
import type { LogRow } from './log-row';
import css from './log-view.module.css';
import { useFollow } from './use-follow';

export const rowHeightPx = 20;

export interface LogHandle {
  /** Goes to the last row, and along with it until the reading has reached the end. */
  toEnd: () => void;
}

interface LogViewProps {
  ref?: Ref<LogHandle>;
  /** Grows in place; `revision` tells that it did. */
  rows: readonly LogRow[];
  revision: number;
  /** Rows taken off the top because the log is longer than a page can hold. */
  dropped: number;
  label: string;
  live: boolean;
  /** Rows are being fetched right now. */
  reading: boolean;
  wrap: boolean;
  query: string;
  /** The row to show, for a search: changes of it scroll there. */
  current: number | null;
  /** More can be fetched and the reader is near the end of what is there. */
  onNearEnd: () => void;
  /** Instead of rows, when there are none. */
  empty: ReactNode;
}

/** A log of any length: only the rows on the screen exist in the page. */
export function LogView(props: LogViewProps) {
  const { rows, dropped, label, live, reading, wrap, query, current, onNearEnd, empty } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeightPx,
    overscan: 20,
    paddingStart: 8,
    paddingEnd: 8,
  });
  const [chasing, chase] = useState(false);
  const options = { live: live || chasing, rowCount: rows.length, dropped, rowHeightPx };
  const { following, unseen, handlers, resume, pause } = useFollow(scroller, options);
  useImperativeHandle(props.ref, () => ({
    toEnd: () => {
      chase(true);
      resume();
    },
  }));
  useEffect(() => {
    if (chasing && !reading) chase(false);
  }, [chasing, reading]);
  const items = virtual.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? -1;

  useEffect(() => {
    if (lastShown >= rows.length - 60) onNearEnd();
  }, [lastShown, rows.length, onNearEnd]);

  useEffect(() => {
    if (current === null) return;
    pause();
    virtual.scrollToIndex(current, { align: 'center' });
  }, [current, pause, virtual]);

  // Heights measured while wrapping are wrong without it, and the other way round.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the mode is what it reacts to.
  useEffect(() => virtual.measure(), [wrap, virtual]);

  const digits = String(rows.at(-1)?.n ?? 1).length;
  return (
    <div className={css.frame}>
      <div
        ref={scroller}
        className={css.scroller}
        data-wrap={wrap || undefined}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard.
        tabIndex={0}
        role="log"
        aria-live="off"
        aria-label={label}
        {...handlers}
        style={{ '--digits': digits } as React.CSSProperties}
      >
        {rows.length === 0 && <div className={css.empty}>{empty}</div>}
        <div className={css.rows} style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const row = rows[item.index];
            if (row === undefined) return null;
            return (
              <div
                key={item.key}
                ref={wrap ? virtual.measureElement : undefined}
                data-index={item.index}
                className={css.row}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <LogLineContent row={row} query={query} current={item.index === current} />
              </div>
            );
          })}
        </div>
      </div>
      {live && !following && <Paused unseen={unseen} onResume={resume} />}
    </div>
  );
}

function Paused({ unseen, onResume }: { unseen: number; onResume: () => void }) {
  const more =
    unseen === 0 ? '' : ` · ${unseen.toLocaleString('en')} new ${unseen === 1 ? 'line' : 'lines'}`;
  return (
    <div className={css.paused} role="status">
      <span>Following is paused{more}</span>
      <Button size="compact-xs" rightSection={<IconArrowDown size={14} />} onClick={onResume}>
        Jump to the end
      </Button>
    </div>
  );
}
