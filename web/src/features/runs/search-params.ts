import type { RunFilters } from '@/api/keys';
import type { LogFilter } from '@/api/types';
import { causes, spans, statusFilters } from './status';

/** What the addresses of the runs' pages hold. Unknown or broken values read as absent. */

export interface ListSearch {
  /** Keys of `statusFilters`, joined by commas. */
  status?: string;
  project?: number;
  environment?: number;
  job?: number;
  /** A key of `spans`. */
  since?: string;
  /** A category of causes, as the API has it. */
  cause?: string;
  branch?: string;
}

function textOf(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && text !== '' ? text : undefined;
}

function idOf(value: unknown): number | undefined {
  const id = Number(value);
  return Number.isSafeInteger(id) && id > 0 ? id : undefined;
}

function compact<T extends object>(search: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as T;
}

export function readListSearch(search: Record<string, unknown>): ListSearch {
  const known = statusFilters.map(({ key }) => key);
  const wanted = textOf(search['status'])?.split(',') ?? [];
  const status = known.filter((key) => wanted.includes(key)).join(',');
  return compact<ListSearch>({
    status: textOf(status),
    project: idOf(search['project']),
    environment: idOf(search['environment']),
    job: idOf(search['job']),
    since: spans.find(({ key }) => key === search['since'])?.key,
    cause: causes.find(({ key }) => key === search['cause'])?.key,
    branch: textOf(search['branch']),
  });
}

export function activeStatuses(search: ListSearch): string[] {
  return search.status?.split(',') ?? [];
}

export function toggleStatus(search: ListSearch, key: string): ListSearch {
  const active = activeStatuses(search);
  const next = active.includes(key) ? active.filter((one) => one !== key) : [...active, key];
  return readListSearch({ ...search, status: next.join(',') });
}

export function codesOf(search: ListSearch): number[] {
  const active = activeStatuses(search);
  return statusFilters.filter(({ key }) => active.includes(key)).flatMap(({ codes }) => codes);
}

export function filtersOf(search: ListSearch): RunFilters {
  const { project = null, environment = null, job = null, since = null } = search;
  const { cause = null, branch = null } = search;
  return { statuses: codesOf(search), job, project, environment, since, cause, branch };
}

export const runTabs = [
  'logs',
  'timeline',
  'lineage',
  'nodes',
  'artifacts',
  'changes',
  'compare',
] as const;

export type RunTab = (typeof runTabs)[number];

export interface RunSearch {
  /** Absent for the first tab. */
  tab?: Exclude<RunTab, 'logs'>;
  /** The step whose log is shown; absent to let the page choose and follow. */
  step?: number;
  level?: Exclude<LogFilter, 'info'>;
  /** Searched for within the log. */
  find?: string;
  /** The node in the side panel, whatever the tab. */
  node?: string;
  /** The table of nodes: its outcome filter, its text filter. */
  outcome?: string;
  filter?: string;
}

export function readRunSearch(search: Record<string, unknown>): RunSearch {
  const tab = runTabs.find((known) => known === search['tab']);
  return compact<RunSearch>({
    tab: tab === 'logs' ? undefined : tab,
    step: idOf(search['step']),
    level: search['level'] === 'debug' ? 'debug' : undefined,
    find: textOf(search['find']),
    outcome: textOf(search['outcome']),
    filter: textOf(search['filter']),
    node: textOf(search['node']),
  });
}
