import { Tooltip } from '@mantine/core';
import { formatAge, formatLocal, formatUtc, parseTimestamp } from './time';
import { useCoarseNow } from './use-now';

interface TimeAgoProps {
  /** As the API wrote it. */
  at: string | null | undefined;
  /** Shown when there is no such time yet. */
  absent?: string;
}

/** “3 min ago”, with the exact UTC and local time on hover and on focus by touch. */
export function TimeAgo({ at, absent = '–' }: TimeAgoProps) {
  const now = useCoarseNow(10_000);
  const ms = parseTimestamp(at);
  if (ms === null) return <span>{absent}</span>;
  return (
    <ExactTime ms={ms}>
      <time dateTime={new Date(ms).toISOString()}>{formatAge(ms, now)}</time>
    </ExactTime>
  );
}

interface ExactTimeProps {
  ms: number;
  children: React.ReactElement;
}

export function ExactTime({ ms, children }: ExactTimeProps) {
  return (
    <Tooltip
      label={
        <>
          {formatUtc(ms)}
          <br />
          {formatLocal(ms)} local
        </>
      }
      events={{ hover: true, focus: true, touch: true }}
    >
      {children}
    </Tooltip>
  );
}
