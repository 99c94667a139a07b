import { queryOptions } from '@tanstack/react-query';
import { v3 } from '@/api/client';
import { keys } from '@/api/keys';
import { readAll, refuseIfChanged, useAct } from '../projects/act';
import type { AdapterSchema } from './schema-form';

export interface Connection {
  id: number;
  name: string;
  /** `postgres_v0`. */
  adapter_version: string;
  config: Record<string, unknown>;
  is_ssh_tunnel_enabled: boolean;
  created_at: string;
  updated_at: string;
  environment__count: number;
}

export interface ConnectionBody {
  name: string;
  adapter_version: string;
  config: Record<string, unknown>;
}

export function connectionsQuery(account: number) {
  return queryOptions({
    queryKey: keys.of(account, 'connections', 'list'),
    queryFn: ({ signal }) => readAll<Connection>('v3', `/accounts/${account}/connections/`, signal),
  });
}

export function connectionQuery(account: number, id: number) {
  return queryOptions({
    queryKey: keys.of(account, 'connections', 'detail', id),
    queryFn: async ({ signal }) =>
      (await v3.get<Connection>(`/accounts/${account}/connections/${id}/`, { signal })).data,
  });
}

/** Which fields an adapter's connections and credentials have; `adapter` with or without a version. */
export function adapterSchemaQuery(account: number, adapter: string) {
  return queryOptions({
    queryKey: keys.of(account, 'connections', 'schema', adapter),
    queryFn: async ({ signal }) => {
      const query = { adapter_version: adapter };
      return (await v3.get<{ adapter: AdapterSchema }>('/adapter-schema/', { query, signal })).data
        .adapter;
    },
    enabled: adapter !== '',
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** A new one without an id, else a change. */
export async function saveConnection(
  account: number,
  id: number | null,
  body: ConnectionBody,
): Promise<Connection> {
  const path = `/accounts/${account}/connections/`;
  const saved =
    id === null
      ? await v3.post<Connection>(path, { body })
      : await v3.patch<Connection>(`${path}${id}/`, { body });
  return saved.data;
}

export const useSaveConnection = (
  account: number,
  id: number | null,
  expected: string | undefined,
) =>
  useAct(account, ['connections', 'environments', 'projects'], async (body: ConnectionBody) => {
    if (id !== null) await refuseIfChanged(`/accounts/${account}/connections/${id}/`, expected);
    return saveConnection(account, id, body);
  });

export const useDeleteConnection = (account: number, id: number) =>
  useAct(account, ['connections'], () => v3.delete(`/accounts/${account}/connections/${id}/`));
