import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { v3 } from '@/api/client';
import { keys } from '@/api/keys';
import { readAll } from '@/features/users/read-all';

export interface IpRule {
  id: number;
  name: string;
  /** 1 allow, 2 deny. */
  type: 1 | 2;
  description: string | null;
  cidrs: { cidr: string }[];
  /** Of the account: the same in all of its rules. */
  rule_set_enabled: boolean;
  updated_at: string;
}

export interface IpRuleInput {
  name: string;
  type: 1 | 2;
  description: string;
  cidrs: string[];
}

export function ipRulesQuery(account: number) {
  return queryOptions({
    queryKey: keys.of(account, 'ip-rules', 'list'),
    queryFn: ({ signal }) => readAll<IpRule>(`/accounts/${account}/ip-restrictions/`, {}, signal),
  });
}

/** Whether one would still get in from here by the rules as they are, or without one of them. */
export function admittedQuery(account: number, without: number | null) {
  return queryOptions({
    queryKey: keys.of(account, 'ip-rules', 'admitted', without),
    queryFn: async ({ signal }): Promise<boolean> => {
      const rest = without === null ? '' : `${without}/`;
      const path = `/accounts/${account}/ip-restrictions-set/${account}/validate/${rest}`;
      return (await v3.get<{ is_valid_for_admin: boolean }>(path, { signal })).data
        .is_valid_for_admin;
    },
    staleTime: 0,
  });
}

function useRuleMutation<Input>(account: number, act: (base: string, input: Input) => unknown) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (input: Input) => act(`/accounts/${account}/`, input),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.of(account, 'ip-rules') }),
  });
}

/** null: a new one. */
export function useSaveIpRule(account: number, rule: number | null) {
  return useRuleMutation(account, (base, { cidrs, ...input }: IpRuleInput) => {
    const body = { ...input, cidrs: cidrs.map((cidr) => ({ cidr })) };
    const path = `${base}ip-restrictions/`;
    return rule === null ? v3.post(path, { body }) : v3.put(`${path}${rule}/`, { body });
  });
}

export function useDeleteIpRule(account: number) {
  return useRuleMutation(account, (base, rule: number) =>
    v3.delete(`${base}ip-restrictions/${rule}/`),
  );
}

export function useSwitchIpRules(account: number) {
  return useRuleMutation(account, (base, enabled: boolean) =>
    v3.post(`${base}ip-restrictions-set/`, { body: { enabled } }),
  );
}
