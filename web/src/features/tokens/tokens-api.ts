import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { v3 } from '@/api/client';
import { keys } from '@/api/keys';
import { readAll } from '../account/names-api';
import type { Grant } from './grants';

export interface ServiceToken {
  id: number;
  uid: string;
  name: string;
  created_at: string | null;
  last_used: string | null;
  expires_at: string | null;
  permission_grants: Grant[];
}

/** With its text, which no other answer has. */
export interface NewToken extends ServiceToken {
  token_string: string;
}

export interface TokenInput {
  name: string;
  permission_grants: Grant[];
}

const path = (account: number, id?: number) =>
  `/accounts/${account}/service-tokens/${id === undefined ? '' : `${id}/`}`;

export function tokensQuery(account: number) {
  return queryOptions({
    queryKey: keys.of(account, 'tokens', 'list'),
    queryFn: ({ signal }) =>
      readAll((query) =>
        v3.get<ServiceToken[]>(path(account), { query: { ...query, order_by: '-id' }, signal }),
      ),
  });
}

function useTokenMutation<Input, Answer>(
  account: number,
  act: (input: Input) => Promise<{ data: Answer }>,
) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async (input: Input) => (await act(input)).data,
    // The answer may hold the token's text: it is kept only as long as it is on the screen.
    gcTime: 0,
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: keys.of(account, 'tokens') });
    },
  });
}

export function useCreateToken(account: number) {
  return useTokenMutation(account, (body: TokenInput) =>
    v3.post<NewToken>(path(account), { body }),
  );
}

export function useChangeToken(account: number, id: number) {
  return useTokenMutation(account, (body: TokenInput) =>
    v3.post<ServiceToken>(path(account, id), { body }),
  );
}

export function useRevokeToken(account: number) {
  return useTokenMutation(account, (id: number) => v3.delete<ServiceToken>(path(account, id)));
}
