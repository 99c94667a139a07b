import {
  infiniteQueryOptions,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import { v3 } from '@/api/client';
import { keys } from '@/api/keys';
import { readAll } from '../account/names-api';

/** Numbers are texts here, and times microseconds in texts: the wire's own way for webhooks. */
export interface Subscription {
  id: string;
  name: string;
  description: string;
  event_types: string[];
  /** None means all jobs. */
  job_ids: string[];
  client_url: string;
  active: boolean;
  deactivate_reason: string | null;
  http_status_code: string;
  dispatched_at: string | null;
  created_at: string;
  updated_at: string;
}

export interface NewSubscription extends Subscription {
  hmac_secret: string;
}

export interface SubscriptionInput {
  name: string;
  description: string;
  client_url: string;
  event_types: string[];
  job_ids: number[];
}

export interface WebhookEvent {
  id: string;
  job_id: string;
  trigger_event_type: string;
  payload: string;
  http_status_code: string;
}

export interface Receipt {
  id: string;
  dispatched_at: string;
  http_status_code: string;
  error_info: string;
  request_headers: string;
  request_body: string;
  response_body: string;
}

export interface TestOutcome {
  event_id: string;
  http_status_code: string;
  error_info: string;
}

const base = (account: number) => `/accounts/${account}/webhooks`;
const one = (account: number, id: string) =>
  `${base(account)}/subscription/${encodeURIComponent(id)}`;

const eventsPage = 50;

export function subscriptionsQuery(account: number) {
  return queryOptions({
    queryKey: keys.of(account, 'webhooks', 'list'),
    queryFn: ({ signal }) =>
      readAll((query) =>
        v3.get<Subscription[]>(`${base(account)}/subscriptions`, { query, signal }),
      ),
  });
}

export function subscriptionQuery(account: number, id: string) {
  return queryOptions({
    queryKey: keys.of(account, 'webhooks', 'one', id),
    queryFn: async ({ signal }): Promise<Subscription> =>
      (await v3.get<Subscription>(one(account, id), { signal })).data,
  });
}

export function eventsQuery(account: number, id: string) {
  return infiniteQueryOptions({
    queryKey: keys.of(account, 'webhooks', 'one', id, 'events'),
    queryFn: async ({ pageParam, signal }) => {
      const query = { limit: eventsPage, offset: pageParam };
      const { data, extra } = await v3.get<WebhookEvent[]>(`${one(account, id)}/events`, {
        query,
        signal,
      });
      return { events: data, total: extra?.pagination?.total_count ?? data.length };
    },
    initialPageParam: 0,
    getNextPageParam: (last, pages) => {
      const loaded = pages.reduce((sum, { events }) => sum + events.length, 0);
      return last.events.length > 0 && loaded < last.total ? loaded : undefined;
    },
  });
}

/** The tries to deliver an event, the first one first. */
export function receiptsQuery(account: number, subscription: string, event: string) {
  return queryOptions({
    queryKey: keys.of(account, 'webhooks', 'one', subscription, 'receipts', event),
    queryFn: async ({ signal }): Promise<Receipt[]> => {
      const path = `${base(account)}/event/${encodeURIComponent(event)}/receipts`;
      const { data } = await v3.get<Receipt[]>(path, { signal });
      return [...data].sort((a, b) => Number(a.dispatched_at) - Number(b.dispatched_at));
    },
  });
}

function useWebhookMutation<Input, Answer>(
  account: number,
  act: (input: Input) => Promise<{ data: Answer }>,
) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async (input: Input) => (await act(input)).data,
    // The answer may hold the secret.
    gcTime: 0,
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: keys.of(account, 'webhooks') });
    },
  });
}

export function useSubscribe(account: number) {
  return useWebhookMutation(account, (body: SubscriptionInput) =>
    v3.post<NewSubscription>(`${base(account)}/subscriptions`, { body }),
  );
}

export function useChangeSubscription(account: number, id: string) {
  return useWebhookMutation(account, (body: Partial<SubscriptionInput> & { active?: boolean }) =>
    v3.put<Subscription>(one(account, id), { body }),
  );
}

export function useUnsubscribe(account: number) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => v3.delete(one(account, id)),
    onSuccess: (_answer, id) => {
      queryClient.removeQueries({ queryKey: keys.of(account, 'webhooks', 'one', id) });
      void queryClient.invalidateQueries({ queryKey: keys.of(account, 'webhooks', 'list') });
    },
  });
}

/** One made-up event, sent now: the answer is the receiver's. */
export function useTestSubscription(account: number, id: string) {
  return useWebhookMutation(account, () => v3.get<TestOutcome>(`${one(account, id)}/test`));
}
