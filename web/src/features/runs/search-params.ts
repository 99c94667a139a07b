import type { LogFilter } from '@/api/types';
import { statusFilters } from './status';

/** What the addresses of the runs' pages hold. Unknown or broken values read as absent. */

export interface ListSearch {
  /** Keys of `statusFilters`, joined by commas. */
  status?: string;
  job?: number;
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
  return compact<ListSearch>({ status: textOf(status), job: idOf(search['job']) });
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

export const runTabs = ['logs', 'nodes', 'artifacts'] as const;

export type RunTab = (typeof runTabs)[number];

export interface RunSearch {
  /** Absent for the first tab. */
  tab?: Exclude<RunTab, 'logs'>;
  /** The step whose log is shown; absent to let the page choose and follow. */
  step?: number;
  level?: Exclude<LogFilter, 'info'>;
  /** Searched for within the log. */
  find?: string;
  /** The table of nodes: its outcome filter, its text filter, the node in the side panel. */
  outcome?: string;
  filter?: string;
  node?: string;
}

export function readRunSearch(search: Record<string, unknown>): RunSearch {
  const tab = search['tab'];
  return compact<RunSearch>({
    tab: tab === 'nodes' || tab === 'artifacts' ? tab : undefined,
    step: idOf(search['step']),
    level: search['level'] === 'debug' ? 'debug' : undefined,
    find: textOf(search['find']),
    outcome: textOf(search['outcome']),
    filter: textOf(search['filter']),
    node: textOf(search['node']),
  });
}
