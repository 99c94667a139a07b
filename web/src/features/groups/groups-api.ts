import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { v2, v3 } from '@/api/client';
import { keys } from '@/api/keys';
import { readAll } from '@/features/users/read-all';
import type { GroupPermission } from './grant-rows';

export interface Group {
  id: number;
  name: string;
  /** Whoever joins the account is put into it. */
  assign_by_default: boolean;
  /** Groups of the identity provider whose people are put into it. */
  sso_mapping_groups: string[];
  scim_managed: boolean;
  created_at: string;
  updated_at: string;
  group_permissions: GroupPermission[];
  member_count: number;
}

export interface GroupInput {
  name: string;
  assign_by_default: boolean;
  sso_mapping_groups: string[];
}

export interface GroupSaving {
  input: GroupInput;
  permissions: GroupPermission[];
}

export function groupsQuery(account: number) {
  return queryOptions({
    queryKey: keys.of(account, 'groups', 'list'),
    queryFn: ({ signal }) => readAll<Group>(`/accounts/${account}/groups/`, {}, signal),
  });
}

export function groupQuery(account: number, group: number) {
  return queryOptions({
    queryKey: keys.of(account, 'groups', 'one', group),
    queryFn: async ({ signal }): Promise<Group> =>
      (await v3.get<Group>(`/accounts/${account}/groups/${group}/`, { signal })).data,
  });
}

export interface SetName {
  value: string;
  label: string;
}

/** Names of the permission sets, in the API's words. */
export function setNamesQuery(account: number) {
  return queryOptions({
    queryKey: keys.of(account, 'groups', 'sets'),
    queryFn: async ({ signal }): Promise<SetName[]> => {
      const { data } = await v2.get<{ permission_sets: Record<string, string> }>('/constants/', {
        signal,
      });
      return Object.entries(data.permission_sets).map(([value, label]) => ({ value, label }));
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export interface ProjectName {
  id: number;
  name: string;
}

export function projectNamesQuery(account: number) {
  return queryOptions({
    queryKey: keys.of(account, 'projects', 'names'),
    queryFn: ({ signal }) => readAll<ProjectName>(`/accounts/${account}/projects/`, {}, signal),
  });
}

function useChanged(account: number) {
  const client = useQueryClient();
  return () =>
    Promise.all([
      client.invalidateQueries({ queryKey: keys.of(account, 'groups') }),
      client.invalidateQueries({ queryKey: keys.of(account, 'users') }),
    ]);
}

/** Saves the group, then what it gives: the API has them apart. null: a new one. */
export function useSaveGroup(account: number, group: number | null) {
  const changed = useChanged(account);
  // If only the second half was refused, the next try must not make another group.
  const known = useRef(group);
  return useMutation({
    mutationFn: async ({ input, permissions }: GroupSaving): Promise<Group> => {
      const place = known.current === null ? '' : `${known.current}/`;
      const path = `/accounts/${account}/groups/${place}`;
      const { data } = await v3.post<Group>(path, { body: input });
      known.current = data.id;
      await v3.post(`/accounts/${account}/group-permissions/${data.id}/`, { body: permissions });
      return data;
    },
    onSettled: changed,
  });
}

export function useDeleteGroup(account: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (group: number) => v3.delete(`/accounts/${account}/groups/${group}/`),
    // Not the group itself, which its page still shows until it is left.
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: keys.of(account, 'groups', 'list') });
      void client.invalidateQueries({ queryKey: keys.of(account, 'users') });
    },
  });
}
