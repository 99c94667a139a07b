import type { CatalogNode, Environment } from './catalog-api';
import { type CatalogSearch, chosen } from './catalog-search';
import { catalogTypes, freshnessState, lastState } from './kinds';

/** A node in the catalog's list: what it is, where, and how it is. */
export interface Entry {
  environment: Environment;
  node: CatalogNode;
  /** Of a source: what the last check said. */
  freshness: string | null;
  /** In lower case, what the search looks in. */
  text: string;
}

export function entryOf(
  environment: Environment,
  node: CatalogNode,
  freshness: string | null,
): Entry {
  const text = [
    node.name,
    node.description ?? '',
    node.sourceName ?? '',
    node.schema ?? '',
    node.alias ?? '',
    ...node.tags,
  ]
    .join('\n')
    .toLowerCase();
  return { environment, node, freshness, text };
}

export const entryKey = (environment: number, uniqueId: string) => `${environment} ${uniqueId}`;

/** The environments that are looked at: the chosen one, or those of production, or, without any, all. */
export function shownEnvironments(
  environments: readonly Environment[],
  chosenId: number | undefined,
): Environment[] {
  if (chosenId !== undefined) return environments.filter(({ id }) => id === chosenId);
  const production = environments.filter((one) => one.deployment_type === 'production');
  return production.length > 0 ? production : [...environments];
}

function statusKey({ node }: Entry): string {
  const state = lastState(node.lastRunStatus)?.state;
  return state === undefined || state === 'queued' || state === 'running' ? 'none' : state;
}

function freshnessKey({ freshness }: Entry): string {
  return freshnessState(freshness) === null
    ? 'none'
    : freshness === 'runtime error'
      ? 'error'
      : (freshness ?? 'none');
}

/** A name that begins with what is looked for comes first, then one that holds it, then the rest. */
function rank({ node }: Entry, wanted: string): number {
  const place = node.name.toLowerCase().indexOf(wanted);
  return place === 0 ? 0 : place > 0 ? 1 : 2;
}

/**
 * The entries that the address asks for. `inColumns` are those (by `entryKey`) where the server found the words in
 * the columns, which the list itself does not know.
 */
export function filterEntries(
  entries: readonly Entry[],
  search: CatalogSearch,
  inColumns: ReadonlySet<string>,
): Entry[] {
  const wanted = (search.q ?? '').trim().toLowerCase();
  const [types, statuses, fresh] = [search.type, search.status, search.fresh].map(chosen) as [
    string[],
    string[],
    string[],
  ];
  const found = entries.filter((entry) => {
    const { node, environment, text } = entry;
    if (types.length > 0 ? !types.includes(node.resourceType) : node.resourceType === 'test')
      return false;
    if (statuses.length > 0 && !statuses.includes(statusKey(entry))) return false;
    if (fresh.length > 0) {
      if (node.resourceType !== 'source' || !fresh.includes(freshnessKey(entry))) return false;
    }
    if (search.tag !== undefined && !node.tags.includes(search.tag)) return false;
    return (
      wanted === '' ||
      text.includes(wanted) ||
      inColumns.has(entryKey(environment.id, node.uniqueId))
    );
  });
  if (wanted === '') return found;
  return found
    .map((entry) => ({ entry, rank: rank(entry, wanted) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ entry }) => entry);
}

/** How many there are of each type. */
export function countTypes(entries: readonly Entry[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { node } of entries) {
    counts.set(node.resourceType, (counts.get(node.resourceType) ?? 0) + 1);
  }
  return counts;
}

const order = new Map(catalogTypes.map((type, place) => [type, place]));

/** By type as the catalog lists them, then by name. What has no place in the catalog is left out. */
export function inOrder(entries: readonly Entry[]): Entry[] {
  const place = (entry: Entry) => order.get(entry.node.resourceType) ?? -1;
  return entries
    .filter((entry) => place(entry) >= 0)
    .sort((a, b) => place(a) - place(b) || a.node.name.localeCompare(b.node.name));
}

export function tagsOf(entries: readonly Entry[]): string[] {
  return [...new Set(entries.flatMap(({ node }) => node.tags))].sort((a, b) => a.localeCompare(b));
}
