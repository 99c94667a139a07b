import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { ui } from '@/api/client';
import type { Outgoing, OutgoingStatus } from './outbox-facts';

/** The server gives no more than these. */
export const mostOutgoing = 200;

/** One list of an account. */
interface Outbox {
  /** Where the server has it. */
  path: string;
  /** What the keys of its queries begin with. */
  key: readonly unknown[];
}

/** The latest first; of every status where none is named. */
export function outgoingQuery<Row extends Outgoing>(
  { path, key }: Outbox,
  status: OutgoingStatus | undefined,
) {
  return queryOptions({
    queryKey: [...key, status ?? 'all'] as const,
    queryFn: async ({ signal }) =>
      (await ui.get<{ data: Row[] }>(path, { query: { status }, signal })).data,
  });
}

export function useSendOutgoingAgain({ path, key }: Outbox) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => ui.post<{ data: Outgoing }>(`${path}${id}/again/`),
    onSettled: () => {
      void queryClient.invalidateQueries({ queryKey: key });
    },
  });
}
