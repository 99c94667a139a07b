import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { v3 } from '@/api/client';
import { keys } from '@/api/keys';
import { projectNamesQuery, readAll } from '../account/names-api';

export interface OauthConfiguration {
  id: number;
  type: string;
  name: string;
  client_id: string;
  authorize_url: string;
  token_url: string;
  redirect_uri: string;
  created_at: string | null;
}

export interface OauthInput {
  type: string;
  name: string;
  client_id: string;
  authorize_url: string;
  token_url: string;
  redirect_uri: string;
  /** Left out: what is stored stays. */
  client_secret?: string;
}

/** What clients of the API have stored, of any kind. */
export interface StoredIntegration {
  id: number;
  /** Where it is, below the account. */
  path: string;
  kind: string;
  name: string;
  project_id: number | null;
  created_at: string | null;
}

const account = (id: number) => `/accounts/${id}/`;
const oauthPath = (id: number, configuration?: number) =>
  `${account(id)}oauth-configurations/${configuration === undefined ? '' : `${configuration}/`}`;

export function oauthQuery(id: number) {
  return queryOptions({
    queryKey: keys.of(id, 'integrations', 'oauth'),
    queryFn: ({ signal }) =>
      readAll((query) => v3.get<OauthConfiguration[]>(oauthPath(id), { query, signal })),
  });
}

const ofAccount = [
  { path: 'platform-metadata-credentials/', kind: 'Platform metadata credentials' },
  { path: 'semantic-layer-credentials/', kind: 'Semantic layer credentials' },
  { path: 'azure-ad-applications/', kind: 'Azure application' },
];

const ofProject = [
  { path: 'integrations/lineage/', kind: 'Lineage tool' },
  { path: 'semantic-layer-configurations/', kind: 'Semantic layer configuration' },
];

/** Every kind has a list of its own, and those of projects one for each project. */
export function storedQuery(id: number) {
  return queryOptions({
    queryKey: keys.of(id, 'integrations', 'stored'),
    queryFn: async ({ signal, client }): Promise<StoredIntegration[]> => {
      const projects = await client.ensureQueryData(projectNamesQuery(id));
      const places = [
        ...ofAccount,
        ...projects.flatMap((project) =>
          ofProject.map(({ path, kind }) => ({ path: `projects/${project.id}/${path}`, kind })),
        ),
      ];
      const found: StoredIntegration[] = [];
      // One after the other: an account may have hundreds of projects.
      for (const { path, kind } of places) {
        const rows = await readAll((query) =>
          v3.get<Omit<StoredIntegration, 'path' | 'kind'>[]>(`${account(id)}${path}`, {
            query,
            signal,
          }),
        );
        found.push(...rows.map((row) => ({ ...row, path, kind })));
      }
      return found;
    },
  });
}

export function featuresQuery(id: number) {
  return queryOptions({
    queryKey: keys.of(id, 'integrations', 'features'),
    queryFn: async ({ signal }): Promise<Record<string, boolean>> =>
      (await v3.get<Record<string, boolean>>(`${account(id)}feature-flag/`, { signal })).data,
  });
}

function useInvalidating<Input, Answer>(id: number, act: (input: Input) => Promise<Answer>) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: act,
    // A secret may have been sent.
    gcTime: 0,
    // Not waited for: what is deleted would take the panel, and with it its own end, off the page.
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: keys.of(id, 'integrations') });
    },
  });
}

/** Makes a configuration, or changes the one with that id. */
export function useSaveOauth(id: number, configuration?: number) {
  return useInvalidating(id, (body: OauthInput) =>
    v3.post<OauthConfiguration>(oauthPath(id, configuration), { body }),
  );
}

export function useDeleteOauth(id: number) {
  return useInvalidating(id, (configuration: number) => v3.delete(oauthPath(id, configuration)));
}

export function useDeleteStored(id: number) {
  return useInvalidating(id, (stored: StoredIntegration) =>
    v3.delete(`${account(id)}${stored.path}${stored.id}/`),
  );
}
