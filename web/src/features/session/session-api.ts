import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { ui } from '@/api/client';
import { ApiError } from '@/api/errors';
import { keys } from '@/api/keys';
import type { Session } from '@/api/types';

async function readSession(signal: AbortSignal): Promise<Session | null> {
  try {
    return await ui.get<Session>('/session', { signal });
  } catch (error) {
    if (error instanceof ApiError && error.kind === 'unauthenticated') return null;
    throw error;
  }
}

/** Who is signed in; null for nobody. Asked once: any later 401 sets it to null (see query-client). */
export const sessionQuery = queryOptions({
  queryKey: keys.session,
  queryFn: ({ signal }) => readSession(signal),
  staleTime: Number.POSITIVE_INFINITY,
  gcTime: Number.POSITIVE_INFINITY,
});

export interface Credentials {
  email: string;
  password: string;
}

export function useSignIn() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (credentials: Credentials) => ui.post<Session>('/session', { body: credentials }),
    onSuccess: (session) => {
      // Whatever the last session saw may not be this one's to see.
      queryClient.clear();
      queryClient.setQueryData(keys.session, session);
    },
  });
}

export function useSignOut() {
  const queryClient = useQueryClient();
  const router = useRouter();
  return useMutation({
    mutationFn: () => ui.delete('/session'),
    onSuccess: async () => {
      queryClient.setQueryData(keys.session, null);
      await router.navigate({ to: '/sign-in' });
      queryClient.removeQueries({ queryKey: ['account'] });
    },
  });
}
