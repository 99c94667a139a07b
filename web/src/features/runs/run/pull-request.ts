import type { RunTrigger } from '@/api/types';
import { pagesOf } from './commit-address';
import type { Repository } from './insight-api';

/** The pull request that a run is for. */
export interface RunPullRequest {
  number: number;
  /** Below the repository's pages; null where the host's kind is not known. */
  path: string | null;
}

export function pullRequestOf(trigger: RunTrigger | null): RunPullRequest | null {
  if (trigger === null) return null;
  const { github_pull_request_id: github, gitlab_merge_request_id: gitlab } = trigger;
  const { azure_pull_request_id: azure, non_native_pull_request_id: other } = trigger;
  if (github) return { number: github, path: `pull/${github}` };
  if (gitlab) return { number: gitlab, path: `-/merge_requests/${gitlab}` };
  if (azure) return { number: azure, path: `pullrequest/${azure}` };
  return other ? { number: other, path: null } : null;
}

const others: { host: RegExp; path: string }[] = [
  { host: /^codeberg\.org$|(^|\.)(gitea|forgejo)\./, path: 'pulls/' },
  { host: /^bitbucket\.org$/, path: 'pull-requests/' },
];

/** Where it can be looked at; `null` for a host of which the form of its addresses is not known. */
export function pullRequestAddress(
  repository: Repository | null,
  { number, path }: RunPullRequest,
): string | null {
  const place = repository === null ? null : pagesOf(repository);
  if (place === null) return null;
  const other = others.find(({ host }) => host.test(place.host));
  const below = path ?? (other === undefined ? null : `${other.path}${number}`);
  return below === null ? null : `https://${place.host}/${place.path}/${below}`;
}
