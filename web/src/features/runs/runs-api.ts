import {
  infiniteQueryOptions,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import { ui, v2 } from '@/api/client';
import { serverNow } from '@/api/clock';
import { ApiError } from '@/api/errors';
import { keys, type RunFilters } from '@/api/keys';
import { newerRun, type RunPage } from '@/api/live/patch';
import type { Job, LogFilter, LogPage, Run, RunNode } from '@/api/types';
import { sinceWhen } from './status';

const pageSize = 100;
const listRelated = '["job","trigger","environment"]';
const detailRelated = '["run_steps","job","trigger","environment"]';

export function runListQuery(account: number, filters: RunFilters) {
  return infiniteQueryOptions({
    queryKey: keys.runs.list(account, filters),
    queryFn: async ({ pageParam, signal }): Promise<RunPage> => {
      const query = {
        limit: pageSize,
        offset: pageParam,
        order_by: '-id',
        include_related: listRelated,
        status__in: filters.statuses.length === 0 ? undefined : `[${filters.statuses.join(',')}]`,
        job_definition_id: filters.job ?? undefined,
        project_id: filters.project ?? undefined,
        environment_id: filters.environment ?? undefined,
        cause_category: filters.cause ?? undefined,
        git_branch: filters.branch ?? undefined,
        created_at__gte: sinceWhen(filters.since, serverNow()),
      };
      const { data, extra } = await v2.get<Run[]>(`/accounts/${account}/runs/`, { query, signal });
      return { runs: data, totalCount: extra?.pagination?.total_count ?? null };
    },
    initialPageParam: 0,
    getNextPageParam: (last, pages) => {
      // Live events add runs to the first page, which moves all others down by as many.
      const loaded = pages.reduce((sum, page) => sum + page.runs.length, 0);
      if (last.runs.length === 0) return undefined;
      const total = pages[0]?.totalCount ?? null;
      const more = total === null ? last.runs.length >= pageSize : loaded < total;
      return more ? loaded : undefined;
    },
  });
}

export function runQuery(account: number, run: number) {
  return queryOptions({
    queryKey: keys.runs.detail(account, run),
    queryFn: async ({ signal }): Promise<Run> => {
      const query = { include_related: detailRelated };
      return (await v2.get<Run>(`/accounts/${account}/runs/${run}/`, { query, signal })).data;
    },
    structuralSharing: (cached, arriving) => newerRun(cached as Run | undefined, arriving as Run),
  });
}

export function runNodesQuery(account: number, run: number) {
  return queryOptions({
    queryKey: keys.runs.nodes(account, run),
    queryFn: async ({ signal }): Promise<RunNode[]> =>
      (await ui.get<{ nodes: RunNode[] }>(`/accounts/${account}/runs/${run}/nodes`, { signal }))
        .nodes,
  });
}

export function artifactsQuery(account: number, run: number) {
  return queryOptions({
    queryKey: keys.runs.artifacts(account, run),
    queryFn: async ({ signal }): Promise<string[]> => {
      try {
        const path = `/accounts/${account}/runs/${run}/artifacts/`;
        return (await v2.get<string[] | null>(path, { signal })).data ?? [];
      } catch (error) {
        // dbt Cloud answers 404 for a run that saved none.
        if (error instanceof ApiError && error.kind === 'not_found') return [];
        throw error;
      }
    },
  });
}

export function artifactAddress(account: number, run: number, path: string): string {
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  return `/api/v2/accounts/${account}/runs/${run}/artifacts/${encoded}`;
}

export function jobsQuery(account: number) {
  return queryOptions({
    queryKey: keys.jobs(account),
    queryFn: async ({ signal }): Promise<Job[]> => {
      const query = { limit: 100, order_by: 'id' };
      return (await v2.get<Job[]>(`/accounts/${account}/jobs/`, { query, signal })).data;
    },
  });
}

export interface LogPlace {
  account: number;
  run: number;
  step: number;
  level: LogFilter;
}

const logPageLines = 5_000;

function readLogPage({ account, run, step, level }: LogPlace, after: number, signal: AbortSignal) {
  return ui.get<LogPage>(`/accounts/${account}/runs/${run}/steps/${step}/log`, {
    query: { after, limit: logPageLines, level },
    signal,
  });
}

export function logPageQuery(place: LogPlace, after: number) {
  const { account, run, step, level } = place;
  return queryOptions({
    queryKey: [...keys.runs.run(account, run), 'log', step, level, after] as const,
    queryFn: ({ signal }) => readLogPage(place, after, signal),
    // The log's own store keeps the lines; a second copy in the cache would double its memory.
    staleTime: 0,
    gcTime: 0,
  });
}

/**
 * The first page of a step that is over, for its errors. Under a key of its own: a query that its last reader
 * leaves is cancelled, and would take the log's own reading of the same page with it.
 */
export function stepErrorsQuery(account: number, run: number, step: number) {
  return queryOptions({
    queryKey: [...keys.runs.run(account, run), 'errors', step] as const,
    queryFn: ({ signal }) => readLogPage({ account, run, step, level: 'info' }, 0, signal),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });
}

/** Cancel, retry and run: each answers with a run, which is at once what the page shows. */
function useRunMutation<Variables>(account: number, act: (variables: Variables) => Promise<Run>) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: (run) => {
      queryClient.setQueryData<Run>(keys.runs.detail(account, run.id), (cached) =>
        newerRun(cached, run),
      );
      void queryClient.invalidateQueries({ queryKey: keys.runs.detail(account, run.id) });
      void queryClient.invalidateQueries({ queryKey: keys.runs.lists(account) });
    },
  });
}

export function useCancelRun(account: number) {
  return useRunMutation(
    account,
    async (run: number) => (await v2.post<Run>(`/accounts/${account}/runs/${run}/cancel/`)).data,
  );
}

export function useRetryRun(account: number) {
  return useRunMutation(
    account,
    async (run: number) => (await v2.post<Run>(`/accounts/${account}/runs/${run}/retry/`)).data,
  );
}

export function useRunJob(account: number) {
  return useRunMutation(
    account,
    async ({ job, cause }: { job: number; cause: string }) =>
      (await v2.post<Run>(`/accounts/${account}/jobs/${job}/run/`, { body: { cause } })).data,
  );
}
