/** Which pull requests are listed; the open ones without a word. */
export const pullStatuses = ['open', 'merged', 'closed', 'all'] as const;
export type PullStatus = (typeof pullStatuses)[number];

export interface RepositorySearch {
  pulls?: Exclude<PullStatus, 'open'>;
}

export function readRepositorySearch(search: Record<string, unknown>): RepositorySearch {
  const pulls = pullStatuses.find((known) => known === search['pulls']);
  return pulls === undefined || pulls === 'open' ? {} : { pulls };
}
