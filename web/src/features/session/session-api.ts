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
  /** Of the second factor, where one was asked for. */
  code?: string;
}

/** Whether the password was right and a code is wanted, or another one. */
export function asksForCode(error: unknown): boolean {
  return error instanceof ApiError && 'code' in error.fields;
}

export interface Newcomer {
  token: string;
  first_name: string;
  last_name: string;
  password: string;
}

const signIn = (credentials: Credentials) => ui.post<Session>('/session', { body: credentials });

/** Takes an invitation up and signs in as the person that it made. */
async function acceptInvite({ password, ...newcomer }: Newcomer): Promise<Session> {
  const { email_address: email } = await ui.post<{ email_address: string }>('/invites/accept', {
    body: { password, ...newcomer },
  });
  return signIn({ email, password });
}

function useEntry<Input>(enter: (input: Input) => Promise<Session>) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: enter,
    onSuccess: (session) => {
      // Whatever the last session saw may not be this one's to see.
      queryClient.clear();
      queryClient.setQueryData(keys.session, session);
    },
  });
}

export const useSignIn = () => useEntry<Credentials>(signIn);
export const useAcceptInvite = () => useEntry<Newcomer>(acceptInvite);

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

/** Sets a new password with the token of a link; the e-mail address of whose it is. */
export function useResetPassword() {
  return useMutation({
    mutationFn: (body: { token: string; password: string }) =>
      ui.post<{ email_address: string }>('/password-resets/accept', { body }),
  });
}

/** Asks for a link for a new password by e-mail. The answer is the same whoever has the address. */
export function useAskForReset() {
  return useMutation({
    mutationFn: (email: string) => ui.post('/password-resets/', { body: { email } }),
  });
}

export function useChangePassword() {
  return useMutation({
    mutationFn: (body: { old_password: string; new_password: string }) =>
      ui.post('/password', { body }),
  });
}

export interface SecondFactorState {
  enabled: boolean;
  recovery_codes_left: number;
}

export const secondFactorQuery = queryOptions({
  queryKey: keys.secondFactor,
  queryFn: ({ signal }) => ui.get<SecondFactorState>('/second-factor', { signal }),
});

export interface NewSecondFactor {
  secret: string;
  uri: string;
}

export function useBeginSecondFactor() {
  return useMutation({
    mutationFn: (password: string) =>
      ui.post<NewSecondFactor>('/second-factor', { body: { password } }),
  });
}

function useSecondFactorChange<Input, Output>(change: (input: Input) => Promise<Output>) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.secondFactor }),
  });
}

export const useConfirmSecondFactor = () =>
  useSecondFactorChange((code: string) =>
    ui.post<{ recovery_codes: string[] }>('/second-factor/confirm', { body: { code } }),
  );

export const useRemoveSecondFactor = () =>
  useSecondFactorChange((body: { password: string; code: string }) =>
    ui.post<SecondFactorState>('/second-factor/remove', { body }),
  );
