import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { v2, v3 } from '@/api/client';
import { keys, type Noun } from '@/api/keys';
import type { Licence } from './licence';
import { readAll } from './read-all';

export interface Membership {
  /** Not the user's id: what a licence is given by. */
  id: number;
  license_type: Licence;
  groups: { id: number; name: string }[];
  created_at: string;
}

export interface Member {
  id: number;
  email: string;
  first_name: string;
  last_name: string;
  is_active: boolean;
  last_login: string | null;
  apitoken_last_used: string | null;
  created_at: string;
  /** Of the account that was asked about, and only that. */
  permissions: Membership[];
}

export interface Invite {
  id: number;
  email_address: string;
  license_type: Licence;
  group_ids: number[];
  /** 1 open, 2 taken up, 3 withdrawn, or replaced by another. */
  status: number;
  created_at: string;
  expires_at: string;
}

export interface Invitation {
  email_addresses: string[];
  license_type: Licence;
  group_ids: number[];
}

export function membersQuery(account: number) {
  return queryOptions({
    queryKey: keys.of(account, 'users', 'list'),
    queryFn: ({ signal }) =>
      readAll<Member>(`/accounts/${account}/users/`, { order_by: 'email' }, signal),
  });
}

export function memberQuery(account: number, user: number) {
  return queryOptions({
    queryKey: keys.of(account, 'users', 'one', user),
    queryFn: async ({ signal }): Promise<Member> =>
      (await v3.get<Member>(`/accounts/${account}/users/${user}/`, { signal })).data,
  });
}

/** Those that are still open; one whose time is over stays among them. */
export function invitesQuery(account: number) {
  return queryOptions({
    queryKey: keys.of(account, 'users', 'invites'),
    queryFn: ({ signal }) =>
      readAll<Invite>(`/accounts/${account}/invites/`, { status: 1, order_by: '-id' }, signal, v2),
  });
}

/** Whatever changes who is in the account changes its seats and its groups' numbers too. */
const touched: Noun[] = ['users', 'groups', 'licences'];

function usePeopleMutation<Input, Output>(account: number, act: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: () =>
      Promise.all(
        touched.map((noun) => client.invalidateQueries({ queryKey: keys.of(account, noun) })),
      ),
  });
}

export interface SentInvites {
  sent: string[];
  /** By address; in this answer only. */
  links: Record<string, string>;
}

export function useWithdrawInvite(account: number) {
  return usePeopleMutation(account, (invite: number) =>
    v2.delete(`/accounts/${account}/invites/${invite}/`),
  );
}

export function useInvite(account: number) {
  return usePeopleMutation(
    account,
    async (body: Invitation) =>
      (await v3.post<SentInvites>(`/accounts/${account}/invites/`, { body })).data,
  );
}

export interface SeatChange {
  membership: number;
  licence: Licence;
}

export function useSetLicence(account: number) {
  return usePeopleMutation(account, ({ membership, licence }: SeatChange) =>
    v2.post(`/accounts/${account}/permissions/${membership}/`, {
      body: { license_type: licence, state: 1 },
    }),
  );
}

export function useRemoveMember(account: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ membership, licence }: SeatChange) =>
      v2.post(`/accounts/${account}/permissions/${membership}/`, {
        body: { license_type: licence, state: 2 },
      }),
    // Not the person, whom their page still shows until it is left.
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: keys.of(account, 'users', 'list') });
      void client.invalidateQueries({ queryKey: keys.of(account, 'groups') });
      void client.invalidateQueries({ queryKey: keys.of(account, 'licences') });
    },
  });
}

export function useAssignGroups(account: number) {
  return usePeopleMutation(account, (body: { user_id: number; desired_group_ids: number[] }) =>
    v3.post(`/accounts/${account}/assign-groups/`, { body }),
  );
}

export interface ResetLink {
  /** In this answer only. */
  link: string;
  expires_at: string;
}

/** Nothing of it is shown in lists, so nothing has to be read again. */
export function useMakeResetLink(account: number, user: number) {
  return useMutation({
    mutationFn: async () =>
      (await v3.post<ResetLink>(`/accounts/${account}/users/${user}/password-reset/`)).data,
  });
}

export function useRemoveSecondFactorOf(account: number, user: number) {
  return useMutation({
    mutationFn: () => v3.delete(`/accounts/${account}/users/${user}/second-factor/`),
  });
}
