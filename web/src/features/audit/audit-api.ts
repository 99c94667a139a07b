import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { v3 } from '@/api/client';
import { keys } from '@/api/keys';
import { type AuditSearch, queryOf, spanOf } from './search-params';

export interface AuditEntry {
  id: string;
  actor: {
    actor_type: string;
    id: number | null;
    actor_name: string;
    actor_ip: string | null;
  };
  event_type: string;
  event_context: {
    subject_type: string;
    subject_id: number | null;
    data: Record<string, unknown>;
  };
  created_at: string;
}

const pageSize = 100;

async function readPage(
  account: number,
  query: Record<string, string | number>,
  signal?: AbortSignal,
): Promise<{ entries: AuditEntry[]; total: number }> {
  const { data, extra } = await v3.get<AuditEntry[]>(`/accounts/${account}/audit-logs/`, {
    query: { limit: pageSize, ...query },
    signal,
  });
  return { entries: data, total: extra?.pagination?.total_count ?? data.length };
}

export function auditQuery(account: number, search: AuditSearch) {
  const filters = queryOf(search);
  return infiniteQueryOptions({
    queryKey: keys.of(account, 'audit', 'list', filters),
    // Pages go on from an entry, not from a number of entries: new ones come in above all the time.
    queryFn: ({ pageParam, signal }) =>
      readPage(account, pageParam === null ? filters : { ...filters, id__lt: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: ({ entries, total }) =>
      entries.length < total ? (entries.at(-1)?.id ?? null) : null,
  });
}

/** One that the list may not have loaded. */
export function entryQuery(account: number, id: string) {
  return queryOptions({
    queryKey: keys.of(account, 'audit', 'entry', id),
    queryFn: async ({ signal }): Promise<AuditEntry | null> =>
      (await readPage(account, { id }, signal)).entries[0] ?? null,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Everything that the filters leave, the latest first. */
export async function readEntries(
  account: number,
  search: AuditSearch,
  onProgress: (read: number, total: number) => void,
): Promise<AuditEntry[]> {
  const filters = queryOf(search);
  const found: AuditEntry[] = [];
  let total = 0;
  for (;;) {
    const after = found.at(-1)?.id;
    const page = await readPage(
      account,
      after === undefined ? filters : { ...filters, id__lt: after },
    );
    found.push(...page.entries);
    if (after === undefined) total = page.total;
    onProgress(found.length, Math.max(total, found.length));
    if (page.entries.length === 0 || page.entries.length >= page.total) return found;
  }
}

/** The server makes it while it sends it, of any length. It knows the span of time, and no other filter. */
export function csvAddress(account: number, search: AuditSearch): string {
  const query = new URLSearchParams(Object.entries(spanOf(search))).toString();
  return `/api/v3/accounts/${account}/audit-logs/download/${query === '' ? '' : `?${query}`}`;
}
