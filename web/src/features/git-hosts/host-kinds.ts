/** The git hosts that are spoken to, and what to do at each. */

export type HostKind = 'github' | 'gitlab' | 'azure_devops' | 'gitea';

/** What is to be entered at the host. */
export interface Step {
  words: string;
  /** Stands below the words, to be copied. */
  copies?: 'url' | 'secret';
}

interface Kind {
  word: string;
  /** What the token must be allowed to do. */
  token: string;
  steps: Step[];
}

export const hostKinds: Record<HostKind, Kind> = {
  github: {
    word: 'GitHub',
    token:
      'A fine-grained token for this repository with Contents (read), Commit statuses (write) and Pull requests (write); or a classic one with repo.',
    steps: [
      { words: 'In the repository, open Settings → Webhooks → Add webhook.' },
      { words: 'Payload URL:', copies: 'url' },
      { words: 'Content type: application/json.' },
      { words: 'Secret:', copies: 'secret' },
      {
        words:
          'Choose “Let me select individual events” and tick Pull requests and Pushes. Then Add webhook.',
      },
    ],
  },
  gitlab: {
    word: 'GitLab',
    token: 'A project access token with the role Developer and the scope api.',
    steps: [
      { words: 'In the project, open Settings → Webhooks → Add new webhook.' },
      { words: 'URL:', copies: 'url' },
      { words: 'Secret token:', copies: 'secret' },
      { words: 'Under Trigger, tick Push events and Merge request events. Then Add webhook.' },
    ],
  },
  azure_devops: {
    word: 'Azure DevOps',
    token:
      'A personal access token with Code (read), Code (status) and Pull request threads (read & write).',
    steps: [
      {
        words: 'In the project, open Project settings → Service hooks → Create subscription.',
      },
      { words: 'Choose Web Hooks.' },
      {
        words:
          'Trigger: Pull request created, for this repository. Do the same once more for each of Pull request updated, Pull request merge attempted and Code pushed.',
      },
      { words: 'URL:', copies: 'url' },
      { words: 'Basic authentication username: millwright. Password:', copies: 'secret' },
      { words: 'Leave “Resource details to send” at All. Then Finish.' },
    ],
  },
  gitea: {
    word: 'Gitea or Forgejo',
    token: 'A token with repository (read and write) and issue (read and write).',
    steps: [
      { words: 'In the repository, open Settings → Webhooks → Add webhook → Gitea or Forgejo.' },
      { words: 'Target URL:', copies: 'url' },
      { words: 'HTTP method: POST. Content type: application/json.' },
      { words: 'Secret:', copies: 'secret' },
      {
        words:
          'Trigger on custom events: tick Push, Pull Request and Pull Request Synchronized. Then Add webhook.',
      },
    ],
  },
};

export const kindChoices = (Object.keys(hostKinds) as HostKind[]).map((value) => ({
  value,
  label: hostKinds[value].word,
}));

interface Remote {
  /** Where its pages are; a port of SSH says nothing of theirs. */
  site: string;
  host: string;
  path: string;
}

/** `https://host:8443/owner/name`, `ssh://git@host:22/owner/name`, `git@host:owner/name`. */
export function remoteOf(url: string): Remote | null {
  const web = /^(https?):\/\/(?:[^@/]+@)?([^/:]+)(:\d+)?\/(.+)$/.exec(url.trim());
  if (web !== null) {
    const [, scheme = '', host = '', port = '', path = ''] = web;
    return { site: `${scheme}://${host.toLowerCase()}${port}`, host: host.toLowerCase(), path };
  }
  const ssh =
    /^(?:ssh|git):\/\/(?:[^@/]+@)?([^/:]+)(?::\d+)?\/(.+)$/.exec(url.trim()) ??
    /^[^/@\s]+@([^/:\s]+):(.+)$/.exec(url.trim());
  if (ssh === null) return null;
  const [, host = '', path = ''] = ssh;
  return { site: `https://${host.toLowerCase()}`, host: host.toLowerCase(), path };
}

function isWithin(host: string, domain: string): boolean {
  return host === domain || host.endsWith(`.${domain}`);
}

/** By the host's name; null when it does not say. The server guesses alike. */
export function kindOf(url: string): HostKind | null {
  const remote = remoteOf(url);
  if (remote === null) return null;
  const { host, path } = remote;
  if (isWithin(host, 'github.com') || isWithin(host, 'ghe.com') || host.startsWith('github.'))
    return 'github';
  if (isWithin(host, 'gitlab.com') || host.startsWith('gitlab.')) return 'gitlab';
  if (isWithin(host, 'dev.azure.com') || isWithin(host, 'visualstudio.com')) return 'azure_devops';
  if (path.includes('/_git/')) return 'azure_devops';
  return host === 'codeberg.org' || /gitea|forgejo/.test(host) ? 'gitea' : null;
}

/** Where the API of that host usually is; empty where the URL leads to none. */
export function apiUrlOf(kind: HostKind, url: string): string {
  const remote = remoteOf(url);
  if (remote === null) return '';
  const { site, host } = remote;
  switch (kind) {
    case 'github':
      if (isWithin(host, 'github.com')) return 'https://api.github.com';
      return isWithin(host, 'ghe.com') ? `https://api.${host}` : `${site}/api/v3`;
    case 'gitlab':
      return `${site}/api/v4`;
    case 'gitea':
      return `${site}/api/v1`;
    case 'azure_devops':
      return isWithin(host, 'dev.azure.com') || isWithin(host, 'visualstudio.com')
        ? 'https://dev.azure.com'
        : site;
  }
}
