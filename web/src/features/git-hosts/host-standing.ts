import type { StateName } from '@/ui/states';
import type { Repository } from '../repositories/repositories-api';
import type { GitHosts, HostLink, Installation } from './git-hosts-api';
import { hostKinds, remoteOf } from './host-kinds';

/** How a way to a git host stands. */
export interface Standing {
  state: StateName;
  word: string;
  /** What the host said, and what to do; null while there is nothing. */
  reason: string | null;
  remedy: string | null;
}

const works: Standing = { state: 'success', word: 'Working', reason: null, remedy: null };

export function standingOfLink(link: HostLink): Standing {
  if (link.broken_since !== null)
    return {
      state: 'error',
      word: 'Not working',
      reason: link.broken_reason,
      remedy: `Make a new token at ${hostKinds[link.kind].word} and enter it here by “Replace token”. Statuses and comments that were refused are not sent again.`,
    };
  if (link.last_delivery_at === null)
    return {
      state: 'warning',
      word: 'Waiting for the webhook',
      reason: null,
      remedy:
        'The host has told of nothing yet. Add the webhook there as below; most hosts send a first event at once, or let you send a test.',
    };
  return works;
}

export function standingOfInstallation(installation: Installation): Standing {
  if (installation.suspended)
    return {
      state: 'warning',
      word: 'Suspended',
      reason: null,
      remedy: `Whoever looks after ${installation.login} on GitHub has suspended the App, and can let it in again there.`,
    };
  if (installation.broken_since !== null)
    return {
      state: 'error',
      word: 'Not working',
      reason: installation.broken_reason,
      remedy: 'Look at the App’s permissions on GitHub, or connect GitHub anew.',
    };
  return works;
}

/** Whether the App can be the way to a repository: it is on one host only. */
export function isOfApp({ github_app }: GitHosts, remoteUrl: string): boolean {
  if (!github_app.enabled || github_app.base_url === null) return false;
  return remoteOf(remoteUrl)?.host === new URL(github_app.base_url).hostname;
}

/** The installation by which a repository is reached. */
export function installationOf(
  { github_app }: GitHosts,
  { github_installation_id: id }: Pick<Repository, 'github_installation_id'>,
): Installation | undefined {
  return github_app.enabled ? github_app.installations.find((each) => each.id === id) : undefined;
}

/** Why pull requests start nothing in a repository's project; null when they do. */
export type Lack = 'off' | 'managed' | 'none' | 'broken';

export function lackOf(facts: {
  hosts: GitHosts;
  repository: Repository;
  link: HostLink | null;
}): Lack | null {
  const { hosts, repository, link } = facts;
  if (repository.remote_backend === 'managed') return 'managed';
  if (!hosts.github_app.enabled && !hosts.links.enabled) return 'off';
  const installation = installationOf(hosts, repository);
  if (installation !== undefined)
    return standingOfInstallation(installation).state === 'success' ? null : 'broken';
  if (link === null) return 'none';
  return link.broken_since === null ? null : 'broken';
}
