import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { serverNow } from '@/api/clock';
import { filtersOfListKey, keys, type RunFilters } from '@/api/keys';
import { type LiveEvent, topics } from '@/api/live/events';
import { useLiveTopic } from '@/api/live/live-context';
import { newerRun, patchNodes, patchRunPages, type RunPages } from '@/api/live/patch';
import type { Run, RunNode } from '@/api/types';
import { parseTimestamp } from '@/ui/time';
import { runNodesQuery, runQuery } from './runs-api';
import { isOver, sinceWhen } from './status';

function isWithin(run: Run, span: string | null | undefined): boolean {
  const since = sinceWhen(span, serverNow());
  return since === undefined || (parseTimestamp(run.created_at) ?? 0) >= Date.parse(since);
}

export function matchesFilters(run: Run, filters: RunFilters): boolean {
  const { job, project = null, environment = null, cause = null, branch = null } = filters;
  if (job !== null && run.job_definition_id !== job) return false;
  if (project !== null && run.project_id !== project) return false;
  if (environment !== null && run.environment_id !== environment) return false;
  if (cause !== null && run.trigger?.cause_category !== cause) return false;
  if (branch !== null && run.git_branch !== branch) return false;
  if (!isWithin(run, filters.since)) return false;
  return filters.statuses.length === 0 || filters.statuses.includes(run.status);
}

function patchLists(queryClient: QueryClient, account: number, run: Run): void {
  for (const [key] of queryClient.getQueriesData<RunPages>({
    queryKey: keys.runs.lists(account),
  })) {
    const filters = filtersOfListKey(key);
    if (filters === null) continue;
    queryClient.setQueryData<RunPages>(key, (pages) =>
      patchRunPages(pages, run, (candidate) => matchesFilters(candidate, filters)),
    );
  }
}

/** Keeps every cached list of the account's runs current while mounted. */
export function useRunListLive(account: number): void {
  const queryClient = useQueryClient();
  useLiveTopic(topics.runs(account), {
    onEvents: (events) => {
      for (const event of events) {
        if (event.type === 'run') patchLists(queryClient, account, event.run);
      }
    },
    onSync: () => void queryClient.invalidateQueries({ queryKey: keys.runs.lists(account) }),
  });
}

function lastRunOf(events: readonly LiveEvent[]): Run | null {
  let last: Run | null = null;
  for (const event of events) if (event.type === 'run') last = event.run;
  return last;
}

function applyRunEvents(
  queryClient: QueryClient,
  account: number,
  id: number,
  events: readonly LiveEvent[],
): void {
  const nodes: RunNode[] = events.flatMap((event) => (event.type === 'node' ? [event.node] : []));
  queryClient.setQueryData<RunNode[]>(keys.runs.nodes(account, id), (cached) =>
    patchNodes(cached, nodes),
  );
  const run = lastRunOf(events);
  if (run === null) return;
  const detail = keys.runs.detail(account, id);
  const before = queryClient.getQueryData<Run>(detail);
  queryClient.setQueryData<Run>(detail, (cached) =>
    cached === undefined ? undefined : newerRun(cached, run),
  );
  // Artifacts have no events of their own: they come when a step ends.
  const ended = (candidate: Run | undefined) =>
    candidate?.run_steps.filter((step) => isOver(step.status)).length ?? 0;
  if (isOver(run.status) && before !== undefined && !isOver(before.status)) {
    // The last word is the stored one, with what no event carries: whether a retry is possible.
    void queryClient.invalidateQueries({ queryKey: keys.runs.run(account, id) });
  } else if (ended(run) !== ended(before)) {
    void queryClient.invalidateQueries({ queryKey: keys.runs.artifacts(account, id) });
  }
}

/**
 * Reads again what may have changed between its last read and the subscription. A read in flight may
 * have looked before the subscription began, so it is awaited first, not shared.
 */
async function reread(queryClient: QueryClient, account: number, id: number): Promise<void> {
  await Promise.allSettled([
    queryClient.ensureQueryData(runQuery(account, id)),
    queryClient.ensureQueryData(runNodesQuery(account, id)),
  ]);
  const run = queryClient.getQueryData<Run>(keys.runs.detail(account, id));
  // What is over does not change any more.
  if (run !== undefined && isOver(run.status)) return;
  await queryClient.invalidateQueries({ queryKey: keys.runs.run(account, id) });
}

/** Keeps one run, its steps and its nodes current while mounted. */
export function useRunLive(account: number, id: number): void {
  const queryClient = useQueryClient();
  useLiveTopic(topics.run(id), {
    onEvents: (events) => applyRunEvents(queryClient, account, id, events),
    onSync: () => void reread(queryClient, account, id),
  });
}
