/**
 * Every query key of the application. Keys are hierarchical, so that a prefix invalidates all below it.
 * The account is part of every key: two accounts never share a cache entry.
 */

export interface RunFilters {
  /** Status codes; empty means all. */
  statuses: readonly number[];
  job: number | null;
}

export const keys = {
  session: ['session'] as const,
  account: (account: number) => ['account', account] as const,
  jobs: (account: number) => ['account', account, 'jobs'] as const,
  runs: {
    all: (account: number) => ['account', account, 'runs'] as const,
    lists: (account: number) => ['account', account, 'runs', 'list'] as const,
    list: (account: number, filters: RunFilters) =>
      [
        'account',
        account,
        'runs',
        'list',
        { statuses: [...filters.statuses].sort((a, b) => a - b), job: filters.job },
      ] as const,
    run: (account: number, run: number) => ['account', account, 'runs', 'run', run] as const,
    detail: (account: number, run: number) =>
      ['account', account, 'runs', 'run', run, 'detail'] as const,
    nodes: (account: number, run: number) =>
      ['account', account, 'runs', 'run', run, 'nodes'] as const,
    artifacts: (account: number, run: number) =>
      ['account', account, 'runs', 'run', run, 'artifacts'] as const,
  },
};

/** The filters that a list's key was made of. */
export function filtersOfListKey(key: readonly unknown[]): RunFilters | null {
  const filters = key[4];
  if (key[2] !== 'runs' || key[3] !== 'list' || typeof filters !== 'object') return null;
  return filters as RunFilters | null;
}
