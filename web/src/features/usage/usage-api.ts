import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { v3 } from '@/api/client';
import { keys } from '@/api/keys';

/** What a job has used in a time. Seconds; bytes and slots where the warehouse tells them. */
export interface JobUsage {
  job_id: number;
  name: string;
  project_id: number;
  environment_id: number;
  runs: number;
  failed_runs: number;
  run_seconds: number;
  failed_run_seconds: number;
  nodes: number;
  node_seconds: number;
  failed_node_seconds: number;
  bytes_processed: number | null;
  slot_ms: number | null;
}

/** As many as the API gives; it has no pages here. */
export const mostJobs = 1_000;

export function usageQuery(account: number, days: number, project: number | undefined) {
  return queryOptions({
    queryKey: keys.of(account, 'history', 'usage', days, project ?? null),
    queryFn: async ({ signal }): Promise<JobUsage[]> => {
      // Whole hours, so that the same page asks the same question.
      const hour = 3_600_000;
      const until = Math.ceil(Date.now() / hour) * hour;
      const query = {
        from: new Date(until - days * 24 * hour).toISOString(),
        until: new Date(until).toISOString(),
        limit: mostJobs,
        project_id: project,
      };
      const path = `/accounts/${account}/history/jobs/`;
      return (await v3.get<JobUsage[]>(path, { query, signal })).data;
    },
    placeholderData: keepPreviousData,
  });
}
