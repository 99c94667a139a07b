export interface NotificationsSearch {
  /** The side panel: `new`, or a rule's id. */
  panel?: 'new' | number;
  /** Whose model notifications are shown. */
  environment?: number;
}

function id(value: unknown): number | undefined {
  const number = Number(value);
  return Number.isSafeInteger(number) && number > 0 ? number : undefined;
}

export function readNotificationsSearch(search: Record<string, unknown>): NotificationsSearch {
  const panel = search['panel'] === 'new' ? 'new' : id(search['panel']);
  const environment = id(search['environment']);
  return {
    ...(panel !== undefined && { panel }),
    ...(environment !== undefined && { environment }),
  };
}
