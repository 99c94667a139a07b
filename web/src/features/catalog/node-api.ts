import { queryOptions } from '@tanstack/react-query';
import { discover, v3 } from '@/api/client';
import { keys } from '@/api/keys';
import type { Freshness } from './catalog-api';

export interface Column {
  name: string;
  type: string | null;
  description: string | null;
  comment: string | null;
}

export interface Execution {
  lastRunId: number | null;
  lastJobDefinitionId: number | null;
  lastRunStatus: string | null;
  lastRunError: string | null;
  lastRunFailures: number | null;
  lastRunGeneratedAt: string | null;
  executionTime: number | null;
  runGeneratedAt: string | null;
}

export interface NodeTest {
  uniqueId: string;
  name: string;
  columnName: string | null;
  testName: string | null;
  severity: string | null;
  executionInfo: Execution | null;
}

/** A node with all that its page shows. What its kind does not have is absent. */
export interface NodeDetail {
  uniqueId: string;
  name: string;
  resourceType: string;
  projectId: number;
  description: string | null;
  packageName: string | null;
  filePath: string | null;
  tags: string[] | null;
  meta: Record<string, unknown> | null;
  database?: string | null;
  schema?: string | null;
  alias?: string | null;
  identifier?: string | null;
  materializedType?: string | null;
  language?: string | null;
  access?: string | null;
  group?: string | null;
  version?: string | null;
  contractEnforced?: boolean | null;
  rawCode?: string | null;
  compiledCode?: string | null;
  executionInfo?: Execution | null;
  catalog?: {
    type: string | null;
    owner: string | null;
    runId: number | null;
    columns: Column[];
    stats: { id: string; label: string | null; value: string | null }[];
  } | null;
  tests?: NodeTest[];
  sourceName?: string | null;
  sourceDescription?: string | null;
  loader?: string | null;
  freshness?: Freshness | null;
  exposureType?: string | null;
  maturity?: string | null;
  url?: string | null;
  label?: string | null;
  ownerName?: string | null;
  ownerEmail?: string | null;
  columnName?: string | null;
  testName?: string | null;
  severity?: string | null;
  type?: string | null;
  formula?: string | null;
}

const execution = `executionInfo { lastRunId lastJobDefinitionId lastRunStatus lastRunError lastRunFailures
  lastRunGeneratedAt executionTime runGeneratedAt }`;
const relation = `database schema
  catalog { type owner runId columns { name type description comment } stats { id label value } }
  tests { uniqueId name columnName testName severity ${execution} }`;
const built = `alias materializedType rawCode compiledCode group ${execution} ${relation}`;

const nodeText = `query Node($id: BigInt!, $ids: [String!]) {
  environment(id: $id) { applied {
    groups(first: 500) { edges { node { name ownerName ownerEmail } } }
    resources(first: 1, filter: { uniqueIds: $ids }) { edges { node {
      uniqueId name resourceType projectId description packageName filePath tags meta
      ... on ModelAppliedStateNode { ${built} language access version contractEnforced }
      ... on SeedAppliedStateNode { ${built} }
      ... on SnapshotAppliedStateNode { ${built} }
      ... on TestAppliedStateNode { columnName testName severity rawCode compiledCode ${execution} }
      ... on SourceAppliedStateNode { identifier sourceName sourceDescription loader ${relation}
        freshness { maxLoadedAt maxLoadedAtTimeAgoInS snapshottedAt freshnessStatus freshnessRunId
          criteria { warnAfter { count period } errorAfter { count period } } } }
      ... on ExposureAppliedStateNode { exposureType maturity url label ownerName ownerEmail }
      ... on MetricDefinitionNode { type label formula group }
      ... on SemanticModelDefinitionNode { label }
      ... on SavedQueryDefinitionNode { label }
    } } } } } }`;

interface GroupOwner {
  name: string;
  ownerName: string | null;
  ownerEmail: string | null;
}

interface NodeAnswer {
  environment: {
    applied: {
      groups: { edges: { node: GroupOwner }[] };
      resources: { edges: { node: NodeDetail }[] };
    };
  };
}

export interface NodeFacts {
  /** Null where the environment has no such node, or no longer. */
  node: NodeDetail | null;
  /** Of its group: models are owned by their groups. */
  owner: GroupOwner | null;
}

export function nodeQuery(account: number, environment: number, uniqueId: string) {
  return queryOptions({
    queryKey: keys.of(account, 'catalog', 'node', environment, uniqueId),
    queryFn: async ({ signal }): Promise<NodeFacts> => {
      const variables = { id: environment, ids: [uniqueId] };
      const answer = await discover<NodeAnswer>(nodeText, variables, signal);
      const { groups, resources } = answer.environment.applied;
      const node = resources.edges[0]?.node ?? null;
      const own = groups.edges.find((edge) => edge.node.name === node?.group);
      return { node, owner: own?.node ?? null };
    },
  });
}

const declaredText = `query Declared($job: BigInt!, $run: BigInt, $id: String!) {
  KIND(jobId: $job, runId: $run, uniqueId: $id) { columns { name type description comment } } }`;

/** The columns that the project itself declares, for a relation of which no docs have been generated. */
export function declaredColumnsQuery(account: number, node: NodeDetail) {
  const { uniqueId, resourceType, executionInfo } = node;
  const known = ['model', 'seed', 'snapshot'].includes(resourceType);
  const job = executionInfo?.lastJobDefinitionId ?? null;
  const run = executionInfo?.lastRunId ?? null;
  return queryOptions({
    queryKey: keys.of(account, 'catalog', 'declared', run, uniqueId),
    queryFn: async ({ signal }): Promise<Column[]> => {
      const text = declaredText.replace('KIND', resourceType);
      const variables = { job, run, id: uniqueId };
      type Answer = Record<string, { columns: Column[] | null } | null>;
      const answer = await discover<Answer>(text, variables, signal);
      return answer[resourceType]?.columns ?? [];
    },
    enabled: known && job !== null && run !== null && (node.catalog?.columns ?? []).length === 0,
  });
}

/** What came of a node in one run. */
export interface NodeRun {
  run_id: number;
  job_id: number;
  step_index: number;
  status: string;
  message: string | null;
  /** Seconds. */
  execution_time: number | null;
  failures: number | null;
  rows_affected: number | null;
  generated_at: string;
  git_sha: string | null;
  full_refresh: boolean;
}

const historyDays = 90;
const dayMs = 24 * 60 * 60 * 1_000;
const since = (days: number) => new Date(Date.now() - days * dayMs).toISOString().slice(0, 10);

export function nodeRunsQuery(account: number, environment: number, uniqueId: string) {
  return queryOptions({
    queryKey: keys.of(account, 'history', 'node', environment, uniqueId),
    queryFn: async ({ signal }): Promise<NodeRun[]> => {
      const query = {
        environment_id: environment,
        unique_id: uniqueId,
        from: since(historyDays),
        until: since(-1),
        limit: 100,
      };
      return (await v3.get<NodeRun[]>(`/accounts/${account}/history/nodes/`, { query, signal }))
        .data;
    },
  });
}

export interface Reliability {
  unique_id: string;
  name: string;
  runs: number;
  failures: number;
  changes: number;
  changes_without_commit: number;
  /** Changes, of as many as there could be: 0 to 1. */
  flakiness: number;
  last_status: string;
  last_failed_at: string | null;
}

/** How reliable an environment's tests have been over 30 days, the flakiest first. */
export function reliabilityQuery(account: number, environment: number) {
  return queryOptions({
    queryKey: keys.of(account, 'history', 'tests', environment),
    queryFn: async ({ signal }): Promise<Reliability[]> => {
      const query = { environment_id: environment, limit: 1_000 };
      return (await v3.get<Reliability[]>(`/accounts/${account}/history/tests/`, { query, signal }))
        .data;
    },
  });
}
