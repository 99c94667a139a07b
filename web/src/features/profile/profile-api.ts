import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { v2, v3 } from '@/api/client';
import { keys } from '@/api/keys';
import type { Session } from '@/api/types';

export interface PersonalToken {
  id: number;
  name: string;
  /** Names it in the audit log. */
  uid: string;
  created_at: string;
  last_used: string | null;
  expires_at: string | null;
}

export type NewPersonalToken = PersonalToken & { token_string: string };

export interface Names {
  first_name: string;
  last_name: string;
}

export function personalTokensQuery(account: number, user: number) {
  return queryOptions({
    queryKey: keys.of(account, 'tokens', 'personal', user),
    queryFn: async ({ signal }): Promise<PersonalToken[]> =>
      (
        await v3.get<PersonalToken[]>(`/accounts/${account}/users/${user}/account-apikeys/`, {
          signal,
        })
      ).data,
  });
}

export function useRename(account: number, user: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (body: Names) => (await v2.post<Names>(`/users/${user}/`, { body })).data,
    onSuccess: ({ first_name, last_name }) => {
      // The menu at the top shows it, too.
      client.setQueryData<Session | null>(keys.session, (session) =>
        session ? { ...session, user: { ...session.user, first_name, last_name } } : session,
      );
      void client.invalidateQueries({ queryKey: keys.of(account, 'users') });
    },
  });
}

function useTokenMutation<Input, Output>(
  account: number,
  user: number,
  act: (path: string, input: Input) => Promise<Output>,
) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: Input) => act(`/accounts/${account}/users/${user}/account-apikeys/`, input),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.of(account, 'tokens', 'personal') }),
  });
}

export function useMakeToken(account: number, user: number) {
  return useTokenMutation(
    account,
    user,
    async (path, name: string) => (await v3.post<NewPersonalToken>(path, { body: { name } })).data,
  );
}

/** A new text for the same token; the old one stops working. */
export function useRotateToken(account: number, user: number) {
  return useTokenMutation(
    account,
    user,
    async (path, token: number) => (await v3.post<NewPersonalToken>(`${path}${token}/`)).data,
  );
}

export function useRevokeToken(account: number, user: number) {
  return useTokenMutation(account, user, (path, token: number) => v3.delete(`${path}${token}/`));
}
