import { queryOptions } from '@tanstack/react-query';
import { discover, ui, v3 } from '@/api/client';
import { keys } from '@/api/keys';
import { readPages } from '../dashboard/dashboard-api';

export interface Environment {
  id: number;
  name: string;
  project_id: number;
  type: string;
  deployment_type: string | null;
  project: { id: number; name: string } | null;
}

/** A node as lists and graphs show it: what it is and what it depends on. */
export interface CatalogNode {
  uniqueId: string;
  name: string;
  resourceType: string;
  description: string | null;
  materializationType: string | null;
  database: string | null;
  schema: string | null;
  alias: string | null;
  sourceName: string | null;
  access: string | null;
  group: string | null;
  lastRunStatus: string | null;
  parentIds: string[];
  tags: string[];
}

export interface Lineage {
  /** When the manifest was made; null before any run has left one. */
  updatedAt: string | null;
  nodes: CatalogNode[];
}

export function environmentsQuery(account: number) {
  return queryOptions({
    queryKey: keys.of(account, 'environments', 'all'),
    queryFn: ({ signal }) =>
      readPages<Environment>({ api: v3, path: `/accounts/${account}/environments/`, signal }),
  });
}

/** Whose documentation site is a project's. */
export interface DocsRun {
  run_id: number;
  job_name: string;
  finished_at: string;
}

export function docsRunQuery(account: number, project: number) {
  return queryOptions({
    queryKey: keys.of(account, 'catalog', 'docs', project),
    queryFn: async ({ signal }): Promise<DocsRun> => {
      const path = `/accounts/${account}/projects/${project}/docs/`;
      return (await ui.get<{ data: DocsRun }>(path, { signal })).data;
    },
  });
}

const lineageText = `query Lineage($id: BigInt!) {
  environment(id: $id) { applied { lastUpdatedAt lineage {
    uniqueId name resourceType description materializationType database schema alias sourceName
    access group lastRunStatus parentIds tags } } } }`;

interface LineageAnswer {
  environment: { applied: { lastUpdatedAt: string | null; lineage: CatalogNode[] } };
}

/** All nodes of an environment in one answer: the catalog's list, the graph, and the palette's names. */
export function lineageQuery(account: number, environment: number) {
  return queryOptions({
    queryKey: keys.of(account, 'catalog', 'lineage', environment),
    queryFn: async ({ signal }): Promise<Lineage> => {
      const answer = await discover<LineageAnswer>(lineageText, { id: environment }, signal);
      const { lastUpdatedAt, lineage } = answer.environment.applied;
      return { updatedAt: lastUpdatedAt, nodes: lineage };
    },
  });
}

export interface Limit {
  count: number | null;
  period: string | null;
}

export interface Freshness {
  maxLoadedAt: string | null;
  maxLoadedAtTimeAgoInS: number | null;
  snapshottedAt: string | null;
  freshnessStatus: string | null;
  freshnessRunId: number | null;
  criteria: { warnAfter: Limit | null; errorAfter: Limit | null };
}

export interface SourceState {
  uniqueId: string;
  name: string;
  sourceName: string | null;
  freshness: Freshness | null;
}

const freshnessFields = `freshness { maxLoadedAt maxLoadedAtTimeAgoInS snapshottedAt freshnessStatus
  freshnessRunId criteria { warnAfter { count period } errorAfter { count period } } }`;

const sourcesText = `query Sources($id: BigInt!, $after: String) {
  environment(id: $id) { applied { sources(first: 500, after: $after) {
    edges { node { uniqueId name sourceName ${freshnessFields} } }
    pageInfo { hasNextPage endCursor } } } } }`;

interface SourcesAnswer {
  environment: {
    applied: {
      sources: {
        edges: { node: SourceState }[];
        pageInfo: { hasNextPage: boolean; endCursor: string | null };
      };
    };
  };
}

export function sourcesQuery(account: number, environment: number) {
  return queryOptions({
    queryKey: keys.of(account, 'catalog', 'sources', environment),
    queryFn: async ({ signal }): Promise<SourceState[]> => {
      const sources: SourceState[] = [];
      let after: string | null = null;
      do {
        const variables: Record<string, unknown> = { id: environment, after };
        const answer: SourcesAnswer = await discover<SourcesAnswer>(sourcesText, variables, signal);
        const page = answer.environment.applied.sources;
        sources.push(...page.edges.map(({ node }) => node));
        after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
      } while (after !== null);
      return sources;
    },
  });
}

export interface NamedNode {
  environment_id: number;
  environment: string;
  project: string;
  unique_id: string;
  resource_type: string;
  name: string;
}

/** By name in all projects: for who does not know where to look. */
export function namedNodesQuery(account: number, name: string) {
  return queryOptions({
    queryKey: keys.of(account, 'catalog', 'named', name),
    queryFn: async ({ signal }): Promise<NamedNode[]> => {
      const query = { name };
      return (await ui.get<{ data: NamedNode[] }>(`/accounts/${account}/nodes/`, { query, signal }))
        .data;
    },
    enabled: name !== '',
  });
}

export interface Hit {
  environment: number;
  uniqueId: string;
  name: string;
  resourceType: string;
  matchedField: string;
  /** Around what was looked for. */
  highlight: string | null;
}

export type SearchField = 'name' | 'relation' | 'description' | 'column' | 'code';

const searchText = `query Search($id: BigInt!, $filter: SearchQueryFilter!, $first: Int) {
  environment(id: $id) { applied { searchResults(filter: $filter, first: $first) {
    edges { node { matchedField highlight hit { uniqueId name resourceType } } } } } } }`;

interface SearchAnswer {
  environment: {
    applied: {
      searchResults: {
        edges: {
          node: {
            matchedField: string;
            highlight: string | null;
            hit: { uniqueId: string; name: string; resourceType: string };
          };
        }[];
      };
    };
  };
}

interface Search {
  text: string;
  fields: readonly SearchField[];
  first: number;
}

export function searchQuery(account: number, environment: number, search: Search) {
  return queryOptions({
    queryKey: keys.of(account, 'catalog', 'search', environment, search),
    queryFn: async ({ signal }): Promise<Hit[]> => {
      const filter = { query: search.text, fields: search.fields };
      const variables = { id: environment, filter, first: search.first };
      const answer = await discover<SearchAnswer>(searchText, variables, signal);
      return answer.environment.applied.searchResults.edges.map(({ node }) => ({
        environment,
        ...node.hit,
        matchedField: node.matchedField,
        highlight: node.highlight,
      }));
    },
    enabled: search.text !== '',
  });
}
