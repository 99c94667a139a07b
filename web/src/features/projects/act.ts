import { useMutation, useQueryClient } from '@tanstack/react-query';
import { v2, v3 } from '@/api/client';
import { ApiError, textFor } from '@/api/errors';
import { keys, type Noun } from '@/api/keys';

/** A change; afterwards whatever is shown of these nouns is read again. */
export function useAct<Input, Output>(
  account: number,
  nouns: readonly Noun[],
  act: (input: Input) => Promise<Output>,
) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSettled: () => {
      for (const noun of nouns)
        void queryClient.invalidateQueries({ queryKey: keys.of(account, noun) });
    },
  });
}

/** Refuses to write over what somebody else changed; `version` begins with when it was changed last. */
export async function refuseIfChanged(path: string, version: string | undefined): Promise<void> {
  if (version === undefined) return;
  const { data } = await v3.get<{ updated_at: string }>(path);
  if (version.startsWith(data.updated_at)) return;
  throw new ApiError({ kind: 'conflict', httpStatus: 409, userMessage: textFor('conflict') });
}

/** The most that a list gives at once. */
const pageSize = 100;

/** All of a list whose length is that of a configuration, not of a history. */
export async function readAll<T>(
  version: 'v2' | 'v3',
  path: string,
  signal: AbortSignal,
  filter: Record<string, string | number> = {},
): Promise<T[]> {
  const client = version === 'v2' ? v2 : v3;
  const all: T[] = [];
  for (;;) {
    const query = { limit: pageSize, offset: all.length, order_by: 'id', ...filter };
    const { data, extra } = await client.get<T[]>(path, { query, signal });
    all.push(...data);
    if (data.length < pageSize || all.length >= (extra?.pagination?.total_count ?? 0)) return all;
  }
}
