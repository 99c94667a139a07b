import { queryOptions } from '@tanstack/react-query';
import { v3 } from '@/api/client';
import { keys } from '@/api/keys';

/** Of the four old types the adapter's fields stand beside the others, else in the details. */
export interface Credentials {
  id: number;
  project_id: number;
  type: string;
  adapter_version: string | null;
  threads: number;
  target_name: string;
  updated_at: string;
  unencrypted_credential_details?: Record<string, unknown>;
  [field: string]: unknown;
}

export function credentialsQuery(account: number, project: number, id: number | null) {
  return queryOptions({
    queryKey: keys.of(account, 'credentials', 'detail', id),
    queryFn: async ({ signal }) =>
      (
        await v3.get<Credentials>(`/accounts/${account}/projects/${project}/credentials/${id}/`, {
          signal,
        })
      ).data,
    enabled: id !== null && id > 0,
  });
}

/** A new set without an id, else a change. */
export async function saveCredentials(
  account: number,
  project: number,
  id: number | null,
  body: Record<string, unknown>,
): Promise<Credentials> {
  const path = `/accounts/${account}/projects/${project}/credentials/`;
  const saved =
    id === null
      ? await v3.post<Credentials>(path, { body })
      : await v3.patch<Credentials>(`${path}${id}/`, { body });
  return saved.data;
}
