import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { ui } from '@/api/client';
import { keys } from '@/api/keys';
import { outgoingQuery, useSendOutgoingAgain } from '../outbox/outbox-api';
import type { Outgoing, OutgoingStatus } from '../outbox/outbox-facts';

export interface Mail {
  /** Whether the operator has set a mail server. */
  configured: boolean;
  /** The account's own switch. */
  enabled: boolean;
  from: string | null;
  /** “smtp.example.com:587, STARTTLS” */
  server: string | null;
}

export type LetterKind =
  | 'run'
  | 'models'
  | 'invitation'
  | 'password_reset'
  | 'chat_broken'
  | 'test';

export interface Letter extends Outgoing {
  kind: LetterKind;
  recipient: string;
  /** Of one that tells of a run it may be empty until it is sent. */
  subject: string;
  run_id: number | null;
  project_id: number | null;
}

interface Data<T> {
  data: T;
}

const base = (account: number) => `/accounts/${account}/mail/`;
const letters = (account: number) => ({
  path: `${base(account)}letters/`,
  key: keys.of(account, 'mail', 'letters'),
});

export function mailQuery(account: number) {
  return queryOptions({
    queryKey: keys.of(account, 'mail', 'settings'),
    queryFn: async ({ signal }) => (await ui.get<Data<Mail>>(base(account), { signal })).data,
  });
}

/** The latest first; of every status where none is named. */
export function lettersQuery(account: number, status: OutgoingStatus | undefined) {
  return outgoingQuery<Letter>(letters(account), status);
}

export function useSwitchMail(account: number) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async (enabled: boolean) =>
      (await ui.post<Data<Mail>>(base(account), { body: { enabled } })).data,
    onSuccess: (mail) => queryClient.setQueryData(mailQuery(account).queryKey, mail),
  });
}

/** Sends to whoever is signed in; the answer comes when the mail server has given its own. */
export function useTestMail(account: number) {
  return useMutation({
    mutationFn: async () =>
      (await ui.post<Data<{ recipient: string }>>(`${base(account)}test/`)).data,
  });
}

export function useSendAgain(account: number) {
  return useSendOutgoingAgain(letters(account));
}

/** By the token of an e-mail's own link, with nobody signed in; the address that they went to. */
export function useStopEmails() {
  return useMutation({
    mutationFn: (token: string) =>
      ui.post<{ recipient: string }>('/unsubscribe/', { body: { token } }),
  });
}
