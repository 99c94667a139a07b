/** How dbt comes to a repository's code. */
export type RepositoryKind = 'deploy_key' | 'https' | 'managed';

export interface RepositoryDraft {
  kind: RepositoryKind;
  remote_url: string;
  name: string;
}

export function newRepository(): RepositoryDraft {
  return { kind: 'deploy_key', remote_url: '', name: '' };
}

function isSsh(url: string): boolean {
  return url.startsWith('ssh://') || /^[^/:\s]+@[^/:\s]+:/.test(url);
}

/** The server has the last word of addresses; this says at once what can't work. */
export function problemsOfRepository(draft: RepositoryDraft): Record<string, string> {
  if (draft.kind === 'managed') return draft.name.trim() === '' ? { name: 'Give it a name' } : {};
  const url = draft.remote_url.trim();
  if (url === '') return { remote_url: 'Enter the address of the repository' };
  if (draft.kind === 'deploy_key' && !isSsh(url))
    return {
      remote_url:
        'A deploy key works over SSH: the address begins with ssh:// or looks like git@host:team/project.git',
    };
  if (draft.kind === 'https' && !/^https?:\/\//.test(url))
    return { remote_url: 'The address begins with https://' };
  return {};
}

/** Where the host's own pages take a deploy key; null where nobody knows the host. */
export function whereToPutTheKey(url: string): string | null {
  if (/github/.test(url)) return 'Settings → Deploy keys → Add deploy key';
  if (/gitlab/.test(url)) return 'Settings → Repository → Deploy keys → Add new key';
  if (/bitbucket/.test(url)) return 'Repository settings → Access keys → Add key';
  if (/azure|visualstudio/.test(url)) return 'User settings → SSH public keys → New key';
  return null;
}

const strategyWords: Record<string, string> = {
  deploy_key: 'Deploy key',
  git_token: 'HTTPS',
  github_app: 'GitHub App',
  deploy_token: 'GitLab token',
  azure_active_directory_app: 'Azure DevOps app',
};

/** How runs come to the code, in a word. */
export function wayInWord(backend: string, strategy: string): string {
  return backend === 'managed' ? 'Kept by Millwright' : (strategyWords[strategy] ?? strategy);
}
