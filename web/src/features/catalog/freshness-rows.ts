import type { Limit, SourceState } from './catalog-api';
import { freshnessState } from './kinds';

const ranks: Record<string, number> = { error: 0, warning: 1, success: 3 };

function rank(source: SourceState): number {
  const state = freshnessState(source.freshness?.freshnessStatus)?.state;
  return state === undefined ? 4 : (ranks[state] ?? 2);
}

/** A source's table with its source, as it is referred to; anything else by its name. */
export function sourceTitle({
  sourceName,
  name,
}: {
  sourceName?: string | null;
  name: string;
}): string {
  return sourceName ? `${sourceName}.${name}` : name;
}

/** What is too old first, then what is stale; what was never checked last. */
export function byUrgency(sources: readonly SourceState[]): SourceState[] {
  return [...sources].sort(
    (a, b) => rank(a) - rank(b) || sourceTitle(a).localeCompare(sourceTitle(b)),
  );
}

/** `12 hours`, `1 day`; null where there is no such limit. */
export function limitWords(limit: Limit | null | undefined): string | null {
  if (!limit || limit.count === null) return null;
  return `${limit.count} ${limit.period ?? ''}${limit.count === 1 ? '' : 's'}`;
}
