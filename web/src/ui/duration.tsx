import { formatDuration } from './time';
import { useNow } from './use-now';

interface DurationProps {
  /** Milliseconds since the epoch; null when it has not begun. */
  from: number | null;
  /** Null while it still runs: the figure then moves. */
  to: number | null;
  absent?: string;
}

/** A length of time as `1m 23s`; counts on while it has no end. */
export function Duration({ from, to, absent = '–' }: DurationProps) {
  const running = from !== null && to === null;
  const now = useNow(running);
  if (from === null) return <span>{absent}</span>;
  return <span className="tabular">{formatDuration((to ?? Math.max(now, from)) - from)}</span>;
}
