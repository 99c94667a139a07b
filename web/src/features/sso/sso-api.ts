import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { v3 } from '@/api/client';
import { keys } from '@/api/keys';
import { readAll } from '@/features/users/read-all';

/** Fields of all kinds of provider stand side by side; a kind has its own of them. */
export interface AuthProvider {
  id: number;
  type: string;
  slug: string;
  name: string;
  allow_password_backdoor: boolean;
  entity_id: string | null;
  sso_url: string | null;
  cert: string | null;
  sign_request: boolean;
  /** JSON. */
  attribute_map: string;
  issuer_url: string | null;
  client_id: string | null;
  tenant_id: string | null;
  domain: string | null;
  login_url: string;
  callback_url: string;
  has_client_secret: boolean;
  cert_expiry_date: string | null;
  /** Of SAML only, as is the next. */
  audience?: string;
  metadata_url?: string;
  last_used_at: string | null;
  updated_at: string;
}

export type ProviderInput = Record<string, string | boolean | null>;

export interface ScimToken {
  id: number;
  name: string;
  created_at: string;
  last_used: string | null;
}

export function providersQuery(account: number) {
  return queryOptions({
    queryKey: keys.of(account, 'sso', 'providers'),
    queryFn: ({ signal }) =>
      readAll<AuthProvider>(`/accounts/${account}/auth-provider/`, {}, signal),
  });
}

export function scimTokensQuery(account: number) {
  return queryOptions({
    queryKey: keys.of(account, 'sso', 'scim-tokens'),
    queryFn: async ({ signal }): Promise<ScimToken[]> =>
      (await v3.get<ScimToken[]>(`/accounts/${account}/scim-config/tokens/`, { signal })).data,
  });
}

export function scimAddress(account: number): string {
  return `${window.location.origin}/api/v3/accounts/${account}/scim/v2`;
}

function useSsoMutation<Input, Output>(
  account: number,
  act: (base: string, input: Input) => Promise<Output>,
) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: Input) => act(`/accounts/${account}/`, input),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.of(account, 'sso') }),
  });
}

/** null: a new one. */
export function useSaveProvider(account: number, provider: number | null) {
  return useSsoMutation(account, async (base, body: ProviderInput) => {
    const path = `${base}auth-provider/`;
    const answer =
      provider === null
        ? await v3.post<AuthProvider>(path, { body })
        : await v3.patch<AuthProvider>(`${path}${provider}/`, { body });
    return answer.data;
  });
}

export function useDeleteProvider(account: number) {
  return useSsoMutation(account, (base, provider: number) =>
    v3.delete(`${base}auth-provider/${provider}/`),
  );
}

export function useMakeScimToken(account: number) {
  return useSsoMutation(
    account,
    async (base, name: string) =>
      (
        await v3.post<ScimToken & { token_string: string }>(`${base}scim-config/tokens/`, {
          body: { name },
        })
      ).data,
  );
}

export function useDeleteScimToken(account: number) {
  return useSsoMutation(account, (base, token: number) =>
    v3.delete(`${base}scim-config/tokens/${token}/`),
  );
}
