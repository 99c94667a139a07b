import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef } from 'react';
import { topics } from '@/api/live/events';
import { useLiveTopic } from '@/api/live/live-context';
import type { Run, StatusCode } from '@/api/types';
import { runListQuery } from '../runs/runs-api';
import { isOver } from '../runs/status';
import { useRunListLive } from '../runs/use-runs-live';
import { nowKey } from './dashboard-api';

const inProgress: readonly StatusCode[] = [1, 2, 3];

/** What runs comes before what waits; within each the oldest first, as they will end. */
function inOrder(runs: readonly Run[]): Run[] {
  const waits = (run: Run) => (run.status === 1 ? 1 : 0);
  return [...runs].sort((a, b) => waits(a) - waits(b) || a.id - b.id);
}

/** The account's runs that are not over, kept current by events. */
export function useRunsInProgress(account: number) {
  const list = useInfiniteQuery(runListQuery(account, { statuses: inProgress, job: null }));
  useRunListLive(account);
  const runs = useMemo(() => {
    // A run that ended stays in the cached list until that is read again.
    const all = list.data?.pages.flatMap((page) => page.runs) ?? [];
    return inOrder([...new Map(all.map((run) => [run.id, run])).values()].filter(open));
  }, [list.data]);
  return { list, runs, more: list.hasNextPage };
}

const open = (run: Run) => !isOver(run.status);

const settleMs = 2_000;

/** Reads what depends on ended runs again when one ends; of many at once, once. */
export function useDashboardLive(account: number): void {
  const queryClient = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const renew = useCallback(() => {
    timer.current ??= setTimeout(() => {
      timer.current = null;
      void queryClient.invalidateQueries({ queryKey: nowKey(account) });
    }, settleMs);
  }, [queryClient, account]);
  useEffect(
    () => () => {
      if (timer.current !== null) clearTimeout(timer.current);
      timer.current = null;
    },
    [],
  );
  useLiveTopic(topics.runs(account), {
    onEvents: (events) => {
      if (events.some((event) => event.type === 'run' && isOver(event.run.status))) renew();
    },
    onSync: renew,
  });
}
