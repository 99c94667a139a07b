import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError, isRetryable } from '@/api/errors';
import { keys } from '@/api/keys';

const maxRetryPauseMs = 10_000;

/**
 * The page's cache. Live events keep it fresh, so nothing polls; what a dead network or a restarting
 * server interrupted is asked again until it answers, and the banner says so meanwhile.
 */
export function createQueryClient(onSessionEnded: () => void): QueryClient {
  const watch = (error: unknown) => {
    if (!(error instanceof ApiError) || error.kind !== 'unauthenticated') return;
    // Only a session that was there can end; the sign-in form handles its own refusal.
    if (client.getQueryData(keys.session) == null) return;
    client.setQueryData(keys.session, null);
    onSessionEnded();
  };
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError: watch }),
    mutationCache: new MutationCache({ onError: watch }),
    defaultOptions: {
      queries: {
        networkMode: 'always',
        staleTime: 30_000,
        gcTime: 300_000,
        retry: (_count, error) => isRetryable(error),
        retryDelay: (attempt) => Math.min(maxRetryPauseMs, 1_000 * 2 ** attempt),
      },
      // A person pressed a button: they see the failure and decide, nothing repeats behind their back.
      mutations: { networkMode: 'always', retry: false },
    },
  });
  return client;
}
