import type { StateName } from '@/ui/states';
import { stateOfNode } from '../runs/status';

/** dbt's resource types in words. */
const words: Record<string, [one: string, many: string]> = {
  model: ['Model', 'Models'],
  source: ['Source', 'Sources'],
  seed: ['Seed', 'Seeds'],
  snapshot: ['Snapshot', 'Snapshots'],
  exposure: ['Exposure', 'Exposures'],
  metric: ['Metric', 'Metrics'],
  semantic_model: ['Semantic model', 'Semantic models'],
  saved_query: ['Saved query', 'Saved queries'],
  test: ['Test', 'Tests'],
};

/** The types that have a place in the catalog, as they are listed. */
export const catalogTypes = Object.keys(words);

export function kindWord(resourceType: string): string {
  return words[resourceType]?.[0] ?? resourceType;
}

export function kindsWord(resourceType: string): string {
  return words[resourceType]?.[1] ?? resourceType;
}

const freshnessStates: Record<string, { state: StateName; word: string }> = {
  pass: { state: 'success', word: 'Fresh' },
  warn: { state: 'warning', word: 'Stale' },
  error: { state: 'error', word: 'Too old' },
  'runtime error': { state: 'error', word: 'Could not be checked' },
};

/** What a check of a source's freshness said; null where none has been made. */
export function freshnessState(
  status: string | null | undefined,
): { state: StateName; word: string } | null {
  if (status === null || status === undefined || status === '') return null;
  return freshnessStates[status.toLowerCase()] ?? { state: 'queued', word: status };
}

/** What the last run came to for a node; null where none has come to it, or did nothing (exposures, metrics). */
export function lastState(
  status: string | null | undefined,
): { state: StateName; word: string } | null {
  if (status === null || status === undefined || status === '') return null;
  return status.toLowerCase() === 'no-op' ? null : stateOfNode(status);
}
