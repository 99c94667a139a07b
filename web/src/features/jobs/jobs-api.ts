import {
  infiniteQueryOptions,
  type QueryClient,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import { v2, v3 } from '@/api/client';
import { keys } from '@/api/keys';
import { topics } from '@/api/live/events';
import { useLiveTopic } from '@/api/live/live-context';
import { newerRun } from '@/api/live/patch';
import type { Run } from '@/api/types';
import { type JobsSearch, jobsQueryOf } from './job-search';
import type { EnvironmentChoice, JobChoice, JobDetail, ProjectChoice } from './job-types';

const pageSize = 100;

export interface JobPage {
  jobs: JobDetail[];
  totalCount: number | null;
}

export function jobListQuery(account: number, search: JobsSearch) {
  const filters = jobsQueryOf(search);
  return infiniteQueryOptions({
    queryKey: keys.of(account, 'jobs', 'list', filters),
    queryFn: async ({ pageParam, signal }): Promise<JobPage> => {
      const query = {
        ...filters,
        limit: pageSize,
        offset: pageParam,
        order_by: 'name',
        include_related: '["project","environment","most_recent_run"]',
      };
      const { data, extra } = await v2.get<JobDetail[]>(`/accounts/${account}/jobs/`, {
        query,
        signal,
      });
      return { jobs: data, totalCount: extra?.pagination?.total_count ?? null };
    },
    initialPageParam: 0,
    // While one types, the last answer stands; never another account's.
    placeholderData: (previous, query) => (query?.queryKey[1] === account ? previous : undefined),
    getNextPageParam: (last, pages) => {
      if (last.jobs.length < pageSize) return undefined;
      return pages.reduce((sum, page) => sum + page.jobs.length, 0);
    },
  });
}

const jobRelated = '["project","environment","custom_environment_variables","most_recent_run"]';

export async function readJob(
  account: number,
  job: number,
  signal?: AbortSignal,
): Promise<JobDetail> {
  const query = { include_related: jobRelated };
  return (await v2.get<JobDetail>(`/accounts/${account}/jobs/${job}/`, { query, signal })).data;
}

export function jobQuery(account: number, job: number) {
  return queryOptions({
    queryKey: keys.of(account, 'jobs', 'detail', job),
    queryFn: ({ signal }) => readJob(account, job, signal),
  });
}

/** All of a list that is short enough to choose from. */
async function readAll<T>(
  get: typeof v2.get,
  path: string,
  orderBy: string,
  signal: AbortSignal,
): Promise<T[]> {
  const all: T[] = [];
  for (;;) {
    const query = { limit: pageSize, offset: all.length, order_by: orderBy };
    const { data } = await get<T[]>(path, { query, signal });
    all.push(...data);
    if (data.length < pageSize) return all;
  }
}

export function projectChoicesQuery(account: number) {
  return queryOptions({
    queryKey: keys.of(account, 'projects', 'choices'),
    queryFn: ({ signal }) =>
      readAll<ProjectChoice>(v3.get, `/accounts/${account}/projects/`, 'id', signal),
  });
}

export function environmentChoicesQuery(account: number) {
  return queryOptions({
    queryKey: keys.of(account, 'environments', 'choices'),
    queryFn: ({ signal }) =>
      readAll<EnvironmentChoice>(v3.get, `/accounts/${account}/environments/`, 'id', signal),
  });
}

export function jobChoicesQuery(account: number) {
  return queryOptions({
    queryKey: keys.of(account, 'jobs', 'choices'),
    queryFn: ({ signal }) =>
      readAll<JobChoice>(v2.get, `/accounts/${account}/jobs/`, 'name', signal),
  });
}

/** What a project and its environments set, by the variable's name and the environment's. */
export interface ProjectVariables {
  environments: string[];
  variables: Record<string, Record<string, { id: number; value: string }>>;
}

export function projectVariablesQuery(account: number, project: number) {
  return queryOptions({
    queryKey: keys.of(account, 'variables', 'by-environment', project),
    queryFn: async ({ signal }) =>
      (
        await v3.get<ProjectVariables>(
          `/accounts/${account}/projects/${project}/environment-variables/environment/`,
          { signal },
        )
      ).data,
  });
}

export interface AuditEntry {
  id: string;
  actor: { actor_type: string; actor_name: string; actor_ip: string | null };
  event_type: string;
  event_context: { subject_id: number | null; data: { name?: string } };
  created_at: string;
}

export interface HistoryPage {
  entries: AuditEntry[];
  next: number | null;
}

/** The API tells jobs' entries from others', not one job's from another's: pages are sifted until some are found. */
async function sift(
  account: number,
  job: JobDetail,
  offset: number,
  signal: AbortSignal,
): Promise<HistoryPage> {
  const entries: AuditEntry[] = [];
  for (let page = 0; page < 5; page++) {
    const query = {
      subject_type: 'job',
      logged_at_start: job.created_at,
      order_by: '-id',
      limit: pageSize,
      offset: offset + page * pageSize,
    };
    const path = `/accounts/${account}/audit-logs/`;
    const { data } = await v3.get<AuditEntry[]>(path, { query, signal });
    entries.push(...data.filter((entry) => entry.event_context.subject_id === job.id));
    if (data.length < pageSize) return { entries, next: null };
    if (entries.length >= 20) return { entries, next: query.offset + pageSize };
  }
  return { entries, next: offset + 5 * pageSize };
}

export function jobHistoryQuery(account: number, job: JobDetail) {
  return infiniteQueryOptions({
    queryKey: keys.of(account, 'audit', 'job', job.id),
    queryFn: ({ pageParam, signal }) => sift(account, job, pageParam, signal),
    initialPageParam: 0,
    getNextPageParam: (last) => last.next,
    staleTime: 0,
  });
}

function withRun(job: JobDetail, run: Run): JobDetail {
  const last = job.most_recent_run;
  if (run.job_definition_id !== job.id || (last && last.id > run.id)) return job;
  return { ...job, most_recent_run: newerRun(last ?? undefined, run) };
}

/** Shows a run in every cached list of jobs. */
function patchJobLists(queryClient: QueryClient, account: number, run: Run): void {
  queryClient.setQueriesData<{ pages: JobPage[]; pageParams: unknown[] }>(
    { queryKey: keys.of(account, 'jobs', 'list') },
    (lists) =>
      lists && {
        ...lists,
        pages: lists.pages.map((page) => ({
          ...page,
          jobs: page.jobs.map((job) => withRun(job, run)),
        })),
      },
  );
}

/** Keeps the last runs of cached lists of jobs current while mounted. */
export function useJobListLive(account: number): void {
  const queryClient = useQueryClient();
  useLiveTopic(topics.runs(account), {
    onEvents: (events) => {
      for (const event of events)
        if (event.type === 'run') patchJobLists(queryClient, account, event.run);
    },
    onSync: () =>
      void queryClient.invalidateQueries({ queryKey: keys.of(account, 'jobs', 'list') }),
  });
}

/** What one run does otherwise than its job says. */
export interface Overrides {
  cause?: string;
  steps_override?: string[];
  git_branch?: string;
  git_sha?: string;
  schema_override?: string;
  threads_override?: number;
  target_name_override?: string;
  dbt_version_override?: string;
}

export function useStartJob(account: number) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async ({ job, overrides = {} }: { job: number; overrides?: Overrides }) => {
      const body = { cause: 'Started in the web application', ...overrides };
      return (await v2.post<Run>(`/accounts/${account}/jobs/${job}/run/`, { body })).data;
    },
    onSuccess: (run) => {
      queryClient.setQueryData<Run>(keys.runs.detail(account, run.id), (cached) =>
        newerRun(cached, run),
      );
      patchJobLists(queryClient, account, run);
      void queryClient.invalidateQueries({ queryKey: keys.runs.lists(account) });
    },
  });
}

export function useDeleteJob(account: number) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (job: number) => v2.delete(`/accounts/${account}/jobs/${job}/`),
    onSuccess: (_gone, job) => {
      queryClient.removeQueries({ queryKey: keys.of(account, 'jobs', 'detail', job) });
      void queryClient.invalidateQueries({ queryKey: keys.of(account, 'jobs') });
    },
  });
}
