import { memo } from 'react';
import { formatLocal, formatTimeOfDay, formatUtc, parseTimestamp } from '../time';
import { markFound, parseAnsi, type Segment } from './ansi';
import type { LogRow } from './log-row';
import css from './log-view.module.css';

function Stretch({ segment }: { segment: Segment }) {
  const { text, colour, bold, faint, italic, underline, found } = segment;
  if (found) return <mark className={css.found}>{text}</mark>;
  if (!(colour || bold || faint || italic || underline)) return text;
  return (
    <span
      data-bold={bold}
      data-faint={faint}
      data-italic={italic}
      data-underline={underline}
      className={css.stretch}
      style={colour && { color: `var(--mw-ansi-${colour})` }}
    >
      {text}
    </span>
  );
}

interface LogLineProps {
  row: LogRow;
  query: string;
  current: boolean;
}

/** The inside of one row: time, number, text. Memoised, because most rows never change. */
export const LogLineContent = memo(function LogLineContent({ row, query, current }: LogLineProps) {
  const ms = row.part === 0 ? parseTimestamp(row.ts) : null;
  const segments = markFound(parseAnsi(row.text), query);
  return (
    <>
      <span className={css.number} aria-hidden="true">
        {row.part === 0 ? row.n : ''}
      </span>
      <span
        className={css.time}
        aria-hidden="true"
        title={ms === null ? undefined : `${formatUtc(ms)}\n${formatLocal(ms)} local`}
      >
        {ms === null ? '' : formatTimeOfDay(ms)}
      </span>
      <span className={css.text} data-level={row.level} data-current={current || undefined}>
        {segments.map((segment, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: stretches have no identity but their place.
          <Stretch key={place} segment={segment} />
        ))}
      </span>
    </>
  );
});
