import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { v2 } from '@/api/client';
import { keys } from '@/api/keys';
import type { Session } from '@/api/types';

export interface AccountDetails {
  id: number;
  name: string;
  identifier: string;
  plan: string;
  run_slots: number;
  queue_limit: number;
  run_duration_limit_seconds: number;
  created_at: string | null;
  updated_at: string | null;
}

export function accountQuery(account: number) {
  return queryOptions({
    queryKey: keys.of(account, 'settings', 'account'),
    queryFn: async ({ signal }): Promise<AccountDetails> =>
      (await v2.get<AccountDetails>(`/accounts/${account}/`, { signal })).data,
  });
}

export function useRenameAccount(account: number) {
  const queryClient = useQueryClient();
  const router = useRouter();
  return useMutation({
    mutationFn: async (name: string) =>
      (await v2.patch<AccountDetails>(`/accounts/${account}/`, { body: { name } })).data,
    onSuccess: (changed) => {
      queryClient.setQueryData(accountQuery(account).queryKey, changed);
      // The header shows it too, by what the router was told of the session.
      queryClient.setQueryData<Session | null>(keys.session, (session) =>
        session == null
          ? session
          : { ...session, account: { ...session.account, name: changed.name } },
      );
      void router.invalidate();
    },
  });
}
