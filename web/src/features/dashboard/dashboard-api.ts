import { queryOptions } from '@tanstack/react-query';
import { type Query, v2, v3 } from '@/api/client';
import { keys } from '@/api/keys';
import type { Job, Run, RunEnvironment } from '@/api/types';

export interface Project {
  id: number;
  name: string;
  description: string | null;
}

/** A job with its last word: what came of its latest run that is over. */
export interface JobState extends Job {
  environment_id: number;
  next_run: string | null;
  run_failure_count: number;
  triggers: { schedule: boolean } | null;
  environment: RunEnvironment | null;
  project: { id: number; name: string } | null;
  most_recent_completed_run: Run | null;
}

/** What one job's runs of a stretch of time came to. */
export interface JobTotals {
  job_id: number;
  name: string;
  project_id: number;
  runs: number;
  failed_runs: number;
  run_seconds: number;
}

const pageSize = 100;

/** Past this many, a page of one's own for them is the better place to look. */
const mostRows = 2_000;

interface Place {
  api: typeof v2;
  path: string;
  query?: Query;
  signal: AbortSignal;
}

/** All pages of a list, one after the other. */
export async function readPages<Row>({ api, path, query, signal }: Place): Promise<Row[]> {
  const rows: Row[] = [];
  for (;;) {
    const page = { limit: pageSize, offset: rows.length, order_by: 'id', ...query };
    const { data, extra } = await api.get<Row[]>(path, { query: page, signal });
    rows.push(...data);
    const total = Math.min(extra?.pagination?.total_count ?? 0, mostRows);
    if (data.length < pageSize || rows.length >= total) return rows;
  }
}

export function projectsQuery(account: number) {
  return queryOptions({
    queryKey: keys.of(account, 'projects', 'all'),
    queryFn: ({ signal }) =>
      readPages<Project>({ api: v3, path: `/accounts/${account}/projects/`, signal }),
  });
}

const stateRelated = '["environment","project","most_recent_completed_run"]';

/** What changes when a run ends lies below this key, so that one invalidation renews it. */
export const nowKey = (account: number) => keys.of(account, 'dashboard', 'now');

export function jobStatesQuery(account: number) {
  return queryOptions({
    queryKey: [...nowKey(account), 'jobs'] as const,
    queryFn: ({ signal }) =>
      readPages<JobState>({
        api: v2,
        path: `/accounts/${account}/jobs/`,
        query: { include_related: stateRelated },
        signal,
      }),
  });
}

/** Runs with their steps, to say at which step each failed. */
export function runsWithStepsQuery(account: number, ids: readonly number[]) {
  return queryOptions({
    queryKey: keys.of(account, 'dashboard', 'failed', ids),
    queryFn: async ({ signal }): Promise<Run[]> => {
      const query = {
        id__in: `[${ids.join(',')}]`,
        limit: pageSize,
        include_related: '["run_steps"]',
      };
      return (await v2.get<Run[]>(`/accounts/${account}/runs/`, { query, signal })).data;
    },
    enabled: ids.length > 0,
    // They are over: nothing of them changes.
    staleTime: Number.POSITIVE_INFINITY,
  });
}

const mostJobsADay = 1_000;
const keptForMs = 24 * 60 * 60 * 1_000;

/** What came of the runs that ended on a day (UTC). A day that is over is read once. */
export function dayQuery(account: number, day: string, next: string, over: boolean) {
  return queryOptions({
    queryKey: over ? keys.of(account, 'dashboard', 'day', day) : [...nowKey(account), 'day', day],
    queryFn: async ({ signal }): Promise<JobTotals[]> => {
      const query = { from: day, until: next, limit: mostJobsADay };
      const path = `/accounts/${account}/history/jobs/`;
      return (await v3.get<JobTotals[]>(path, { query, signal })).data;
    },
    staleTime: over ? Number.POSITIVE_INFINITY : 30_000,
    gcTime: keptForMs,
  });
}
