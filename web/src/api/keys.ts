/**
 * Every query key of the application. Keys are hierarchical, so that a prefix invalidates all below it.
 * The account is part of every key: two accounts never share a cache entry.
 */

export interface RunFilters {
  /** Status codes; empty means all. */
  statuses: readonly number[];
  job: number | null;
  project?: number | null;
  environment?: number | null;
  /** How far back, by name: `24h`. */
  since?: string | null;
  /** A category of causes. */
  cause?: string | null;
  branch?: string | null;
}

/** The API's nouns, each the first word of its keys. */
export type Noun =
  | 'jobs'
  | 'projects'
  | 'environments'
  | 'connections'
  | 'credentials'
  | 'repositories'
  | 'git-hosts'
  | 'ssh-host-keys'
  | 'variables'
  | 'catalog'
  | 'history'
  | 'dashboard'
  | 'users'
  | 'groups'
  | 'licences'
  | 'tokens'
  | 'webhooks'
  | 'notifications'
  | 'mail'
  | 'chat'
  | 'integrations'
  | 'audit'
  | 'ip-rules'
  | 'sso'
  | 'settings'
  | 'set-up';

export const keys = {
  session: ['session'] as const,
  secondFactor: ['session', 'second-factor'] as const,
  account: (account: number) => ['account', account] as const,
  jobs: (account: number) => ['account', account, 'jobs'] as const,
  /**
   * Whatever has no keys of its own below: `keys.of(account, 'environments', 'list', filters)`. The noun comes first,
   * so that `keys.of(account, 'environments')` invalidates all of it.
   */
  of: (account: number, noun: Noun, ...rest: readonly unknown[]) =>
    ['account', account, noun, ...rest] as const,
  runs: {
    all: (account: number) => ['account', account, 'runs'] as const,
    lists: (account: number) => ['account', account, 'runs', 'list'] as const,
    list: (account: number, filters: RunFilters) =>
      [
        'account',
        account,
        'runs',
        'list',
        {
          statuses: [...filters.statuses].sort((a, b) => a - b),
          job: filters.job,
          project: filters.project ?? null,
          environment: filters.environment ?? null,
          since: filters.since ?? null,
          cause: filters.cause ?? null,
          branch: filters.branch ?? null,
        },
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
