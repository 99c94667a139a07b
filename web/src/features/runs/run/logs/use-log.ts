import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { topics } from '@/api/live/events';
import { useLiveTopic } from '@/api/live/live-context';
import type { LogFilter } from '@/api/types';
import { logPageQuery } from '../../runs-api';
import { type LogSnapshot, LogStore } from './log-store';
import type { ShownRows } from './shown-rows';

interface Log extends LogSnapshot {
  /** Reads one page more. */
  readOn: () => void;
  /** The same, unless the last try failed: then it is for a person to try again. */
  readAhead: () => void;
  readToEnd: () => void;
}

/** The log of one step: read by ranges, and completed by live lines while the run goes on. */
export function useLog(
  account: number,
  run: number,
  step: number,
  level: LogFilter,
  live: boolean,
  shown: ShownRows,
): Log {
  const queryClient = useQueryClient();
  const store = useMemo(
    () =>
      new LogStore(
        level,
        (after) =>
          // Through the query client, for its retries and its watch over the session.
          queryClient.fetchQuery(logPageQuery({ account, run, step, level }, after)),
        (n) => shown.of(step, n),
      ),
    [queryClient, account, run, step, level, shown],
  );
  useEffect(() => {
    store.start();
    store.read('page');
    return () => store.stop();
  }, [store]);
  // A growing log is read up to its end, where the live lines connect; and once more when it has ended,
  // for its last lines may have come while the socket was lost.
  useEffect(() => {
    if (!live) return undefined;
    store.read('end');
    return () => store.read('end');
  }, [store, live]);
  useLiveTopic(topics.run(run), {
    onEvents: (events) => {
      for (const event of events) {
        if (event.type === 'log' && event.step === step) store.receive(event.lines);
        if (event.type === 'rows' && event.step === step) {
          shown.take(event);
          store.receiveShown(event.n);
        }
      }
    },
    onSync: () => {
      if (live) store.read('end');
    },
  });
  const snapshot = useSyncExternalStore(store.subscribe, store.snapshot);
  // Apart from the snapshot: effects depend on them, and would read again with each line.
  const actions = useMemo(
    () => ({
      readOn: () => store.read('page'),
      readAhead: () => store.readAhead(),
      readToEnd: () => store.read('end'),
    }),
    [store],
  );
  return useMemo(() => ({ ...snapshot, ...actions }), [snapshot, actions]);
}
