import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { discover, v2, v3 } from '@/api/client';
import { ApiError } from '@/api/errors';
import { keys } from '@/api/keys';
import type { Run } from '@/api/types';
import { isOver } from '../status';
import type { Lineage } from './lineage/lineage-model';

/** What the run page asks beside the run itself: who, against which, what depends on what, how it used to be. */

interface Actor {
  id: string | null;
  type: string;
  name: string | null;
}

export interface Repository {
  id?: number;
  remote_url: string;
  web_url: string | null;
}

export interface Origin {
  repository: Repository | null;
  audit: { trigger: { actor: Actor } | null; cancellation: { actor: Actor } | null } | null;
}

/** Who started (and cancelled) it, and where its commit can be looked at. Apart from the run: events carry neither. */
export function originQuery(account: number, run: Run) {
  return queryOptions({
    queryKey: [...keys.runs.run(account, run.id), 'origin', isOver(run.status)] as const,
    queryFn: async ({ signal }): Promise<Origin> => {
      const query = { include_related: '["repository","audit"]' };
      const path = `/accounts/${account}/runs/${run.id}/`;
      const { repository, audit } = (await v2.get<Origin>(path, { query, signal })).data;
      return { repository, audit };
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** The run of the same job before this one that came to an end by itself; a cancelled one would lack nodes. */
export function previousRunQuery(account: number, run: Run) {
  return queryOptions({
    queryKey: [...keys.runs.run(account, run.id), 'previous'] as const,
    queryFn: async ({ signal }): Promise<Run | null> => {
      const query = {
        job_definition_id: run.job_definition_id,
        id__lt: run.id,
        status__in: '[10,20]',
        order_by: '-id',
        limit: 1,
      };
      const { data } = await v2.get<Run[]>(`/accounts/${account}/runs/`, { query, signal });
      return data[0] ?? null;
    },
    staleTime: 60_000,
  });
}

interface Depends {
  uniqueId: string;
  dependsOn: string[] | null;
}

interface JobAnswer {
  job: { runId: number; models: Depends[]; snapshots: Depends[]; tests: Depends[] } | null;
}

const dependsQuestion = `query Lineage($job: BigInt!, $run: BigInt) {
  job(id: $job, runId: $run) {
    runId
    models { uniqueId dependsOn }
    snapshots { uniqueId dependsOn }
    tests { uniqueId dependsOn }
  }
}`;

/** `null` where the run, or the job, has left no manifest that has been read. */
async function readLineage(
  job: number,
  run: number | null,
  signal: AbortSignal,
): Promise<Lineage | null> {
  try {
    const answer = await discover<JobAnswer>(dependsQuestion, { job, run }, signal);
    if (answer.job === null) return null;
    const { runId, models, snapshots, tests } = answer.job;
    const upstream = new Map(
      [...models, ...snapshots, ...tests].map(({ uniqueId, dependsOn }) => [
        uniqueId,
        dependsOn ?? [],
      ]),
    );
    return { run: runId, upstream };
  } catch (error) {
    // Which is how the Discovery API says that there is nothing.
    if (error instanceof ApiError && error.kind === 'invalid') return null;
    throw error;
  }
}

const catchUpTimes = 8;

/**
 * What depends on what in a run: by its own manifest, which dbt leaves when a step ends; until then by the
 * latest one of its job.
 */
export function lineageQuery(account: number, run: Run) {
  const stepsOver = run.run_steps.filter((step) => isOver(step.status)).length;
  return queryOptions({
    queryKey: [...keys.runs.run(account, run.id), 'lineage', stepsOver] as const,
    queryFn: async ({ signal }): Promise<Lineage | null> =>
      (await readLineage(run.job_definition_id, run.id, signal)) ??
      (await readLineage(run.job_definition_id, null, signal)),
    // The lineage of a moment ago stays while the next is asked for.
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    // The server reads a manifest some seconds after the run has ended, of which no event tells.
    refetchInterval: ({ state }) =>
      isOver(run.status) &&
      run.artifacts_saved === true &&
      state.data !== undefined &&
      state.data?.run !== run.id &&
      state.dataUpdateCount < catchUpTimes
        ? 1_500
        : false,
  });
}

/** What came of a node in one run, as the history keeps it. */
export interface NodePast {
  run_id: number;
  job_id: number;
  status: string;
  execution_time: number | null;
  rows_affected: number | null;
  failures: number | null;
  bytes_processed: number | null;
  generated_at: string;
}

export function nodeHistoryQuery(account: number, environment: number, id: string) {
  return queryOptions({
    queryKey: keys.of(account, 'history', 'node', environment, id),
    queryFn: async ({ signal }): Promise<NodePast[]> => {
      const query = { environment_id: environment, unique_id: id, limit: 60 };
      const path = `/accounts/${account}/history/nodes/`;
      return (await v3.get<NodePast[]>(path, { query, signal })).data;
    },
  });
}

/** The Discovery API's words for the types whose SQL dbt compiles. */
const compiledTypes: Record<string, string> = {
  model: 'model',
  test: 'test',
  snapshot: 'snapshot',
};

export function isCompiled(resourceType: string): boolean {
  return resourceType in compiledTypes;
}

export function compiledQuery(account: number, run: Run, id: string, resourceType: string) {
  const field = compiledTypes[resourceType] ?? 'model';
  const question = `query Compiled($job: BigInt!, $run: BigInt, $id: String!) {
    job(id: $job, runId: $run) { node: ${field}(uniqueId: $id) { compiledCode } }
  }`;
  return queryOptions({
    queryKey: [...keys.runs.run(account, run.id), 'compiled', id, isOver(run.status)] as const,
    queryFn: async ({ signal }): Promise<string | null> => {
      type Answer = { job: { node: { compiledCode: string | null } | null } | null };
      try {
        const variables = { job: run.job_definition_id, run: run.id, id };
        const answer = await discover<Answer>(question, variables, signal);
        return answer.job?.node?.compiledCode ?? null;
      } catch (error) {
        if (error instanceof ApiError && error.kind === 'invalid') return null;
        throw error;
      }
    },
  });
}
