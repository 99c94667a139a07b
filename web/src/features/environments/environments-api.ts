import { queryOptions } from '@tanstack/react-query';
import { v3 } from '@/api/client';
import { keys } from '@/api/keys';
import { readAll, useAct } from '../projects/act';

export interface Environment {
  id: number;
  project_id: number;
  name: string;
  type: 'development' | 'deployment';
  deployment_type: 'production' | 'staging' | null;
  dbt_version: string;
  connection_id: number | null;
  credentials_id: number | null;
  extended_attributes_id: number | null;
  primary_profile_id: number | null;
  use_custom_branch: boolean;
  custom_branch: string | null;
  created_at: string;
  updated_at: string;
  project: { id: number; name: string } | null;
}

export interface EnvironmentBody {
  name?: string;
  type?: Environment['type'];
  /** '' for neither. */
  deployment_type?: string;
  dbt_version?: string;
  connection_id?: number | null;
  credentials_id?: number | null;
  extended_attributes_id?: number | null;
  use_custom_branch?: boolean;
  custom_branch?: string | null;
}

export interface EnvironmentJob {
  id: number;
  name: string;
  project_id: number;
  environment_id: number;
  execute_steps: string[];
  cron_humanized: string | null;
  triggers: { schedule: boolean };
  next_run: string | null;
}

export function environmentsQuery(account: number) {
  return queryOptions({
    queryKey: keys.of(account, 'environments', 'list'),
    queryFn: ({ signal }) =>
      readAll<Environment>('v3', `/accounts/${account}/environments/`, signal),
  });
}

export function environmentQuery(account: number, id: number) {
  return queryOptions({
    queryKey: keys.of(account, 'environments', 'detail', id),
    queryFn: async ({ signal }) =>
      (await v3.get<Environment>(`/accounts/${account}/environments/${id}/`, { signal })).data,
  });
}

export function environmentJobsQuery(account: number, environment: number) {
  return queryOptions({
    queryKey: keys.of(account, 'jobs', 'of-environment', environment),
    queryFn: ({ signal }) =>
      readAll<EnvironmentJob>('v2', `/accounts/${account}/jobs/`, signal, {
        environment_id: environment,
      }),
  });
}

interface ExtendedAttributes {
  id: number;
  extended_attributes: Record<string, unknown>;
}

function attributesPath(account: number, project: number): string {
  return `/accounts/${account}/projects/${project}/extended-attributes/`;
}

export function attributesQuery(account: number, project: number, id: number | null) {
  return queryOptions({
    queryKey: keys.of(account, 'environments', 'attributes', id),
    queryFn: async ({ signal }) =>
      (await v3.get<ExtendedAttributes>(`${attributesPath(account, project)}${id}/`, { signal }))
        .data.extended_attributes,
    enabled: id !== null,
  });
}

/** Writes them, and gives the id that the environment is to name; null for none. */
export async function saveAttributes(
  account: number,
  project: number,
  id: number | null,
  attributes: Record<string, unknown> | null,
): Promise<number | null> {
  if (attributes === null) return null;
  const path = attributesPath(account, project);
  const body = { extended_attributes: attributes };
  const saved =
    id === null
      ? await v3.post<ExtendedAttributes>(path, { body })
      : await v3.post<ExtendedAttributes>(`${path}${id}/`, { body });
  return saved.data.id;
}

export async function saveEnvironment(
  account: number,
  project: number,
  id: number | null,
  body: EnvironmentBody,
): Promise<Environment> {
  const path = `/accounts/${account}/projects/${project}/environments/`;
  return (await v3.post<Environment>(id === null ? path : `${path}${id}/`, { body })).data;
}

/** A person's own change of one field or another, such as its credentials. */
export const useChangeEnvironment = (account: number, project: number, id: number) =>
  useAct(account, ['environments', 'credentials', 'connections'], (body: EnvironmentBody) =>
    saveEnvironment(account, project, id, body),
  );

export const useDeleteEnvironment = (account: number, project: number, id: number) =>
  useAct(account, ['environments', 'connections', 'variables'], () =>
    v3.delete(`/accounts/${account}/projects/${project}/environments/${id}/`),
  );
