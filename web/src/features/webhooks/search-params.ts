export interface WebhooksSearch {
  panel?: 'new';
}

export function readWebhooksSearch(search: Record<string, unknown>): WebhooksSearch {
  return search['panel'] === 'new' ? { panel: 'new' } : {};
}

export interface SubscriptionSearch {
  /** The side panel: the form, or … */
  panel?: 'edit';
  /** … the event whose deliveries are shown. */
  event?: string;
}

export function readSubscriptionSearch(search: Record<string, unknown>): SubscriptionSearch {
  const { event } = search;
  if (typeof event === 'string' && event !== '') return { event };
  return search['panel'] === 'edit' ? { panel: 'edit' } : {};
}
