import { queryOptions } from '@tanstack/react-query';
import { v2, v3 } from '@/api/client';
import { keys } from '@/api/keys';
import { readAll, useAct } from '../projects/act';
import { changeProject } from '../projects/projects-api';
import type { RepositoryDraft } from './repository-draft';

export interface Repository {
  id: number;
  project_id: number;
  remote_url: string;
  full_name: string;
  /** `managed` for one that Millwright keeps. */
  remote_backend: string;
  git_clone_strategy: string;
  pull_request_url_template: string | null;
  /** Of the GitHub App, where that opens it. */
  github_installation_id: number | null;
  deploy_key: { id: number; public_key: string } | null;
  created_at: string;
  updated_at: string;
}

export function repositoriesQuery(account: number) {
  return queryOptions({
    queryKey: keys.of(account, 'repositories', 'list'),
    queryFn: ({ signal }) =>
      readAll<Repository>('v2', `/accounts/${account}/repositories/`, signal),
  });
}

export function repositoryQuery(account: number, id: number) {
  return queryOptions({
    queryKey: keys.of(account, 'repositories', 'detail', id),
    queryFn: async ({ signal }) =>
      (await v2.get<Repository>(`/accounts/${account}/repositories/${id}/`, { signal })).data,
  });
}

export function downloadAddress(account: number, { project_id, id }: Repository): string {
  return `/api/v3/accounts/${account}/projects/${project_id}/managed-repositories/${id}/download/`;
}

/** Makes one and gives it to its project. */
export async function createRepository(
  account: number,
  project: number,
  draft: RepositoryDraft,
): Promise<Repository> {
  const path = `/accounts/${account}/projects/${project}/`;
  const made =
    draft.kind === 'managed'
      ? await v3.post<Repository>(`${path}managed-repositories/`, {
          body: { name: draft.name.trim() },
        })
      : await v3.post<Repository>(`${path}repositories/`, {
          body: {
            remote_url: draft.remote_url.trim(),
            git_clone_strategy: draft.kind === 'deploy_key' ? 'deploy_key' : 'git_token',
          },
        });
  await changeProject(account, project, { repository_id: made.data.id });
  return made.data;
}

interface NewRepository {
  project: number;
  draft: RepositoryDraft;
  /** Where in it the dbt project is, if not at its top. */
  subdirectory?: string;
}

export const useCreateRepository = (account: number) =>
  useAct(
    account,
    ['repositories', 'projects'],
    async ({ project, draft, subdirectory = '' }: NewRepository) => {
      // First, as it may be refused.
      if (subdirectory !== '')
        await changeProject(account, project, { dbt_project_subdirectory: subdirectory });
      return createRepository(account, project, draft);
    },
  );

export const useDeleteRepository = (account: number, { id, project_id }: Repository) =>
  useAct(account, ['repositories', 'projects'], async (isUsed: boolean) => {
    if (isUsed) await changeProject(account, project_id, { repository_id: null });
    await v2.delete(`/accounts/${account}/repositories/${id}/`);
  });
