import type { Repository } from './insight-api';

interface Place {
  host: string;
  path: string;
}

/** `https://host/owner/name.git`, `ssh://git@host:22/owner/name`, `git@host:owner/name.git`. */
function placeOf(remote: string): Place | null {
  const found =
    /^(?:https?|ssh|git):\/\/(?:[^@/]+@)?([\w.-]+)(?::\d+)?\/(.+?)(?:\.git)?\/?$/.exec(remote) ??
    /^[\w.-]+@([\w.-]+):(?!\/\/)\/?(.+?)(?:\.git)?\/?$/.exec(remote);
  const [, host, path] = found ?? [];
  return host === undefined || path === undefined ? null : { host: host.toLowerCase(), path };
}

const forms: { host: RegExp; commits: (path: string) => string }[] = [
  { host: /(^|\.)github\./, commits: (path) => `${path}/commit/` },
  { host: /(^|\.)gitlab\./, commits: (path) => `${path}/-/commit/` },
  { host: /^bitbucket\.org$/, commits: (path) => `${path}/commits/` },
  { host: /^codeberg\.org$|(^|\.)(gitea|forgejo)\./, commits: (path) => `${path}/commit/` },
  { host: /^dev\.azure\.com$/, commits: (path) => `${path}/commit/` },
];

function azure({ host, path }: Place): Place {
  const found = /^v3\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(path);
  if (host !== 'ssh.dev.azure.com' || found === null) return { host, path };
  return { host: 'dev.azure.com', path: `${found[1]}/${found[2]}/_git/${found[3]}` };
}

/** Where a repository's pages are. */
export function pagesOf(repository: Repository): Place | null {
  const given = placeOf((repository.web_url ?? repository.remote_url).trim());
  return given === null ? null : azure(given);
}

/** Where a commit can be looked at; `null` for a host of which the form of its addresses is not known. */
export function commitAddress(repository: Repository | null, sha: string | null): string | null {
  const place = repository === null ? null : pagesOf(repository);
  if (place === null || sha === null) return null;
  const { host, path } = place;
  const form = forms.find((each) => each.host.test(host));
  return form === undefined ? null : `https://${host}/${form.commits(path)}${sha}`;
}
