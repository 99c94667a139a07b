import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { ui, v2, v3 } from '@/api/client';
import { ApiError } from '@/api/errors';
import { keys } from '@/api/keys';
import type { Repository } from '../repositories/repositories-api';
import type { HostKind } from './host-kinds';

/** The GitHub App on one of GitHub's accounts. */
export interface Installation {
  id: number;
  login: string;
  suspended: boolean;
  broken_since: string | null;
  broken_reason: string | null;
  created_at: string;
}

/** `available`: the operator has it on; `enabled`: the account, too. */
export interface GitHosts {
  github_app: {
    available: boolean;
    enabled: boolean;
    /** Where GitHub is for people. */
    base_url: string | null;
    configure_url: string | null;
    installations: Installation[];
  };
  links: { available: boolean; enabled: boolean };
}

export type Way = 'github_app' | 'links';

/** A repository's own way to its host, by a token. */
export interface HostLink {
  kind: HostKind;
  api_url: string;
  webhook_url: string;
  broken_since: string | null;
  broken_reason: string | null;
  last_used_at: string | null;
  last_delivery_at: string | null;
  /** In the answer that makes it, and in no other. */
  webhook_secret?: string;
}

export interface LinkInput {
  kind?: HostKind;
  api_url?: string;
  token?: string;
  rotate_webhook_secret?: boolean;
}

/** What the host said of a token. */
export interface LinkTest {
  ok: boolean;
  who: string | null;
  note: string | null;
  checks: { what: string; ok: boolean | null; says: string }[];
}

export interface AppRepository {
  full_name: string;
  clone_url: string;
  default_branch: string;
  is_private: boolean;
  github_installation_id: number;
}

export interface AppRepositories {
  repositories: AppRepository[];
  total_count: number;
  unreachable: { login: string; reason: string }[];
}

interface Data<T> {
  data: T;
}

const base = (account: number) => `/accounts/${account}/git-hosts/`;
const linkPath = (account: number, { project_id, id }: Place) =>
  `/accounts/${account}/projects/${project_id}/repositories/${id}/git-host/`;

/** Of a repository. */
export type Place = Pick<Repository, 'id' | 'project_id'>;

/** Which ways to git hosts there are. */
export function gitHostsQuery(account: number) {
  return queryOptions({
    queryKey: keys.of(account, 'git-hosts', 'state'),
    queryFn: async ({ signal }) => (await ui.get<Data<GitHosts>>(base(account), { signal })).data,
  });
}

/** `null` where the repository has none. */
export function hostLinkQuery(account: number, place: Place) {
  return queryOptions({
    queryKey: keys.of(account, 'git-hosts', 'link', place.id),
    queryFn: async ({ signal }): Promise<HostLink | null> => {
      try {
        return (await v3.get<HostLink>(linkPath(account, place), { signal })).data;
      } catch (error) {
        if (error instanceof ApiError && error.kind === 'not_found') return null;
        throw error;
      }
    },
  });
}

export function appRepositoriesQuery(account: number, search: string) {
  return queryOptions({
    queryKey: keys.of(account, 'git-hosts', 'app-repositories', search),
    queryFn: async ({ signal }) => {
      const options = { query: { search }, signal };
      const path = `${base(account)}github/repositories/`;
      return (await ui.get<Data<AppRepositories>>(path, options)).data;
    },
    // While one types, the last answer stands.
    placeholderData: (previous) => previous,
    // GitHub may be slow or ask to wait: who looks decides whether to ask again.
    retry: false,
  });
}

function useChange<Input, Answer>(account: number, act: (input: Input) => Promise<Answer>) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: act,
    // A token may have been sent, and a secret may have come back.
    gcTime: 0,
    // Not waited for: what is removed would take its own panel, and with it this, off the page.
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: keys.of(account, 'git-hosts') });
      void queryClient.invalidateQueries({ queryKey: keys.of(account, 'repositories') });
    },
  });
}

export function useSwitchWay(account: number) {
  return useChange(account, async (change: Partial<Record<Way, boolean>>) =>
    ui.patch<Data<GitHosts>>(base(account), { body: change }),
  );
}

/** Where the browser is to go, to come back connected. */
export function useConnectGithub(account: number) {
  return useMutation({
    mutationFn: async (way: 'install' | 'authorize') => {
      const query = { way: way === 'authorize' ? way : undefined };
      const path = `${base(account)}github/connect/`;
      return (await ui.get<Data<{ url: string }>>(path, { query })).data.url;
    },
  });
}

export function useDisconnectGithub(account: number) {
  return useChange(account, (installation: number) =>
    ui.delete(`${base(account)}github/installations/${installation}/`),
  );
}

/** Makes the link or changes it. */
export function useSaveLink(account: number, place: Place) {
  const queryClient = useQueryClient();
  return useChange(account, async (body: LinkInput) => {
    const saved = (await v3.put<HostLink>(linkPath(account, place), { body })).data;
    const { webhook_secret: _once, ...link } = saved;
    queryClient.setQueryData(hostLinkQuery(account, place).queryKey, link);
    return saved;
  });
}

export function useRemoveLink(account: number, place: Place) {
  return useChange(account, () => v3.delete(linkPath(account, place)));
}

export function useTestLink(account: number, place: Place) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async () => (await v3.post<LinkTest>(`${linkPath(account, place)}test/`)).data,
    // The host's answer marks the link as good or broken.
    onSettled: () => {
      const { queryKey } = hostLinkQuery(account, place);
      void queryClient.invalidateQueries({ queryKey });
    },
  });
}

/** Lets the App open the repository; `null` takes it away again. */
export function useChangeApp(account: number, { id, project_id }: Place) {
  return useChange(account, (chosen: AppRepository | null) =>
    v3.post<Repository>(`/accounts/${account}/projects/${project_id}/repositories/${id}/`, {
      body:
        chosen === null
          ? { github_installation_id: null, git_clone_strategy: 'git_token' }
          : {
              remote_url: chosen.clone_url,
              github_installation_id: chosen.github_installation_id,
              git_clone_strategy: 'github_app',
            },
    }),
  );
}

/** How a project's repository is reached, all in one: for pages that only ask whether it is. */
export function projectHostQuery(account: number, repository: number) {
  return queryOptions({
    queryKey: keys.of(account, 'git-hosts', 'of-repository', repository),
    queryFn: async ({ signal, client }) => {
      const path = `/accounts/${account}/repositories/${repository}/`;
      const [hosts, found] = await Promise.all([
        client.ensureQueryData(gitHostsQuery(account)),
        v2.get<Repository>(path, { signal }),
      ]);
      const link = hosts.links.enabled
        ? await client.fetchQuery(hostLinkQuery(account, found.data))
        : null;
      return { hosts, repository: found.data, link };
    },
  });
}
