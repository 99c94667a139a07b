/** What the catalog's addresses hold. Unknown or broken values read as absent. */

export interface CatalogSearch {
  /** Absent for all production environments. */
  environment?: number;
  q?: string;
  /** Of `catalogTypes`, joined by commas; absent for all but tests. */
  type?: string;
  /** Of `statusKeys`, joined by commas. */
  status?: string;
  /** Of `freshnessKeys`, joined by commas. */
  fresh?: string;
  tag?: string;
}

export const statusKeys = ['success', 'warning', 'error', 'skipped', 'none'] as const;
export const freshnessKeys = ['pass', 'warn', 'error', 'none'] as const;

export const nodeTabs = ['overview', 'code', 'lineage', 'history'] as const;
export type NodeTab = (typeof nodeTabs)[number];

export interface NodeSearch {
  tab?: Exclude<NodeTab, 'overview'>;
  /** How far the graph reaches to both sides; absent for 2. */
  depth?: number;
  /** Instead of the code as it was written. */
  code?: 'compiled';
}

export interface LineageSearch {
  /** The node whose lineage stands out. */
  node?: string;
  /** Tests, too. */
  tests?: true;
}

function textOf(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && text !== '' ? text : undefined;
}

function someOf(value: unknown, known: readonly string[]): string | undefined {
  const wanted = textOf(value)?.split(',') ?? [];
  return textOf(known.filter((key) => wanted.includes(key)).join(','));
}

function compact<T extends object>(search: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as T;
}

export function readCatalogSearch(types: readonly string[]) {
  return (search: Record<string, unknown>): CatalogSearch => {
    const environment = Number(search['environment']);
    return compact<CatalogSearch>({
      environment: Number.isSafeInteger(environment) && environment > 0 ? environment : undefined,
      q: textOf(search['q']),
      type: someOf(search['type'], types),
      status: someOf(search['status'], statusKeys),
      fresh: someOf(search['fresh'], freshnessKeys),
      tag: textOf(search['tag']),
    });
  };
}

/** The deepest that the selector offers; beyond that it is all. */
export const depths = [1, 2, 3, 5, 99] as const;
export const usualDepth = 2;

export function readNodeSearch(search: Record<string, unknown>): NodeSearch {
  const tab = nodeTabs.find((one) => one === search['tab']);
  const depth = depths.find((one) => one === Number(search['depth']));
  return compact<NodeSearch>({
    tab: tab === 'overview' ? undefined : tab,
    depth: depth === usualDepth ? undefined : depth,
    code: search['code'] === 'compiled' ? 'compiled' : undefined,
  });
}

export function readLineageSearch(search: Record<string, unknown>): LineageSearch {
  return compact<LineageSearch>({
    node: textOf(search['node']),
    tests: search['tests'] === true ? true : undefined,
  });
}

export interface DocsSearch {
  /** The node whose page is opened first. */
  node?: string;
}

export function readDocsSearch(search: Record<string, unknown>): DocsSearch {
  return compact<DocsSearch>({ node: textOf(search['node']) });
}

export function chosen(list: string | undefined): string[] {
  return list === undefined ? [] : list.split(',');
}

/** The list with one key more or less; undefined when none is left. */
export function toggled(list: string | undefined, key: string): string | undefined {
  const keys = chosen(list);
  const next = keys.includes(key) ? keys.filter((one) => one !== key) : [...keys, key];
  return next.length === 0 ? undefined : next.join(',');
}
