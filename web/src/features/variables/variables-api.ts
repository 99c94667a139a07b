import { queryOptions } from '@tanstack/react-query';
import { v3 } from '@/api/client';
import { keys } from '@/api/keys';
import { useAct } from '../projects/act';
import type { VariableTable } from './matrix';

function pathOf(account: number, project: number): string {
  return `/accounts/${account}/projects/${project}/environment-variables/`;
}

export function variablesQuery(account: number, project: number) {
  return queryOptions({
    queryKey: keys.of(account, 'variables', 'of-project', project),
    queryFn: async ({ signal }) =>
      (await v3.get<VariableTable>(`${pathOf(account, project)}environment/`, { signal })).data,
  });
}

export interface VariableChange {
  name: string;
  /** By place; null takes the value away. */
  values: Record<string, string | null>;
}

export const useSaveVariable = (account: number, project: number) =>
  useAct(account, ['variables'], ({ name, values }: VariableChange) =>
    v3.put(`${pathOf(account, project)}bulk/`, {
      body: { env_var: { new_name: name, ...values } },
    }),
  );

export const useDeleteVariable = (account: number, project: number) =>
  useAct(account, ['variables'], (name: string) =>
    v3.delete(`${pathOf(account, project)}bulk/`, { body: { name } }),
  );
