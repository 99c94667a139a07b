/** What the audit log's address holds. */
export interface AuditSearch {
  /** Part of an event's name. */
  event?: string;
  /** A user's id. */
  actor?: number;
  /** Days of UTC, `YYYY-MM-DD`, both of them within. */
  from?: string;
  until?: string;
  /** The entry in the side panel. */
  entry?: number;
}

function day(value: unknown): string | undefined {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return undefined;
  return Number.isNaN(Date.parse(`${value}T00:00:00Z`)) ? undefined : value;
}

function id(value: unknown): number | undefined {
  const number = Number(value);
  return Number.isSafeInteger(number) && number > 0 ? number : undefined;
}

function compact(search: { [K in keyof AuditSearch]: AuditSearch[K] | undefined }): AuditSearch {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined));
}

export function readAuditSearch(search: Record<string, unknown>): AuditSearch {
  const event = typeof search['event'] === 'string' ? search['event'].trim() : '';
  return compact({
    event: event === '' ? undefined : event,
    actor: id(search['actor']),
    from: day(search['from']),
    until: day(search['until']),
    entry: id(search['entry']),
  });
}

/** With these changed; an empty one is taken out. */
export function withSearch(search: AuditSearch, part: Record<string, unknown>): AuditSearch {
  return readAuditSearch({ ...search, ...part });
}

export interface TimeSpan {
  logged_at_start?: string;
  logged_at_end?: string;
}

export function spanOf({ from, until }: AuditSearch): TimeSpan {
  return {
    ...(from !== undefined && { logged_at_start: `${from}T00:00:00Z` }),
    ...(until !== undefined && { logged_at_end: `${until}T23:59:59.999999Z` }),
  };
}

/** What the list is asked by. */
export function queryOf(search: AuditSearch): Record<string, string | number> {
  return {
    ...spanOf(search),
    ...(search.event !== undefined && { event_type__icontains: search.event }),
    ...(search.actor !== undefined && { actor_type: 'user', actor_id: search.actor }),
  };
}

export function isFiltered({ event, actor, from, until }: AuditSearch): boolean {
  return [event, actor, from, until].some((value) => value !== undefined);
}
