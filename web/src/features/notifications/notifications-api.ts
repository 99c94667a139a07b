import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { v2, v3 } from '@/api/client';
import { keys } from '@/api/keys';
import { readAll } from '../account/names-api';

export interface RuleInput {
  type: number;
  user_id: number;
  external_email: string | null;
  slack_channel_id: string | null;
  slack_channel_name: string | null;
  /** Of our own: dbt Cloud tells no channels of Teams. */
  teams_channel_id: number | null;
  /** Ids of jobs, as in the next three. */
  on_failure: number[];
  on_warning: number[];
  on_success: number[];
  on_cancel: number[];
}

export interface NotificationRule extends RuleInput {
  id: number;
  created_at: string | null;
}

/** Whether the owners of models are told of these. */
export interface ModelSwitches {
  enabled: boolean;
  on_success: boolean;
  on_failure: boolean;
  on_warning: boolean;
  on_skipped: boolean;
}

const path = (account: number, id?: number) =>
  `/accounts/${account}/notifications/${id === undefined ? '' : `${id}/`}`;

const modelsPath = (account: number, environment: number) =>
  `/accounts/${account}/environments/${environment}/model-notifications/`;

export function rulesQuery(account: number) {
  return queryOptions({
    queryKey: keys.of(account, 'notifications', 'list'),
    queryFn: ({ signal }) =>
      readAll((query) => v2.get<NotificationRule[]>(path(account), { query, signal })),
  });
}

export function modelSwitchesQuery(account: number, environment: number) {
  return queryOptions({
    queryKey: keys.of(account, 'notifications', 'models', environment),
    queryFn: async ({ signal }): Promise<ModelSwitches> =>
      (await v3.get<ModelSwitches>(modelsPath(account, environment), { signal })).data,
  });
}

function useInvalidating<Input, Answer>(account: number, act: (input: Input) => Promise<Answer>) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: act,
    // Not waited for: what is deleted would take the panel, and with it its own end, off the page.
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: keys.of(account, 'notifications') });
    },
  });
}

/** Makes a rule, or changes the one with that id. */
export function useSaveRule(account: number, id?: number) {
  return useInvalidating(account, (body: RuleInput) =>
    v2.post<NotificationRule>(path(account, id), { body }),
  );
}

/** The same where the rule is known only when it is saved. */
export function useSaveAnyRule(account: number) {
  return useInvalidating(account, ({ id, input }: { id: number | undefined; input: RuleInput }) =>
    v2.post<NotificationRule>(path(account, id), { body: input }),
  );
}

export function useDeleteRule(account: number) {
  return useInvalidating(account, (id: number) => v2.delete(path(account, id)));
}

export function useSwitchModels(account: number, environment: number) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async (body: Partial<ModelSwitches>) =>
      (await v3.post<ModelSwitches>(modelsPath(account, environment), { body })).data,
    onSuccess: (switches) =>
      queryClient.setQueryData(modelSwitchesQuery(account, environment).queryKey, switches),
  });
}
