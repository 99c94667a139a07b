import { queryOptions } from '@tanstack/react-query';
import { v3 } from '@/api/client';
import { keys } from '@/api/keys';
import { readAll, useAct } from './act';

export interface Project {
  id: number;
  name: string;
  description: string | null;
  connection_id: number | null;
  repository_id: number | null;
  dbt_project_subdirectory: string | null;
  created_at: string;
  updated_at: string;
  connection: { id: number; name: string } | null;
  repository: { id: number; full_name: string } | null;
}

export type ProjectBody = Partial<
  Pick<
    Project,
    'name' | 'description' | 'connection_id' | 'repository_id' | 'dbt_project_subdirectory'
  >
>;

export function projectsQuery(account: number) {
  return queryOptions({
    queryKey: keys.of(account, 'projects', 'list'),
    queryFn: ({ signal }) => readAll<Project>('v3', `/accounts/${account}/projects/`, signal),
  });
}

export function projectQuery(account: number, id: number) {
  return queryOptions({
    queryKey: keys.of(account, 'projects', 'detail', id),
    queryFn: async ({ signal }) =>
      (await v3.get<Project>(`/accounts/${account}/projects/${id}/`, { signal })).data,
  });
}

export async function createProject(account: number, body: ProjectBody): Promise<Project> {
  return (await v3.post<Project>(`/accounts/${account}/projects/`, { body })).data;
}

export async function changeProject(
  account: number,
  id: number,
  body: ProjectBody,
): Promise<Project> {
  return (await v3.post<Project>(`/accounts/${account}/projects/${id}/`, { body })).data;
}

export const useCreateProject = (account: number) =>
  useAct(account, ['projects'], (body: ProjectBody) => createProject(account, body));

export const useChangeProject = (account: number, id: number) =>
  useAct(account, ['projects', 'environments'], (body: ProjectBody) =>
    changeProject(account, id, body),
  );

export const useDeleteProject = (account: number, id: number) =>
  useAct(account, ['projects', 'environments', 'jobs', 'repositories'], () =>
    v3.delete(`/accounts/${account}/projects/${id}/`),
  );
