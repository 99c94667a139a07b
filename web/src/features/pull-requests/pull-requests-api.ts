import { queryOptions } from '@tanstack/react-query';
import { ui } from '@/api/client';
import { keys } from '@/api/keys';
import type { PullStatus } from './search';

/** As its host told of it last. */
export interface PullRequest {
  id: number;
  number: number;
  title: string;
  author: string;
  url: string;
  head_sha: string;
  head_branch: string;
  base_branch: string;
  is_draft: boolean;
  status: 'open' | 'merged' | 'closed';
  opened_at: string;
  updated_at: string;
}

/** The server gives no more than these. */
export const mostPullRequests = 100;

/** Those that changed last come first. */
export function pullRequestsQuery(account: number, repository: number, status: PullStatus) {
  return queryOptions({
    queryKey: keys.of(account, 'repositories', 'pull-requests', repository, status),
    queryFn: async ({ signal }) => {
      const path = `/accounts/${account}/repositories/${repository}/pull-requests/`;
      const query = { status: status === 'all' ? undefined : status };
      return (await ui.get<{ data: PullRequest[] }>(path, { query, signal })).data;
    },
  });
}
