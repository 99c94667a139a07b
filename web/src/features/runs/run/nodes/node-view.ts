import type { RunNode } from '@/api/types';
import { stateOfNode } from '../../status';

/** What the table of nodes shows out of all: pure, so that counts and rows always agree. */

export const outcomes = [
  { key: 'error', word: 'Failed', state: 'error' },
  { key: 'warning', word: 'Warned', state: 'warning' },
  { key: 'running', word: 'Running', state: 'running' },
  { key: 'cancelled', word: 'Interrupted', state: 'cancelled' },
  { key: 'skipped', word: 'Skipped', state: 'skipped' },
  { key: 'success', word: 'Succeeded', state: 'success' },
] as const;

export interface OutcomeCount {
  key: string;
  word: string;
  state: (typeof outcomes)[number]['state'];
  count: number;
}

/** Only outcomes that occur, and the one that is chosen. */
export function countOutcomes(
  nodes: readonly RunNode[],
  chosen: string | undefined,
): OutcomeCount[] {
  return outcomes
    .map(({ key, word, state }) => ({
      key,
      word,
      state,
      count: nodes.filter((node) => stateOfNode(node.status).state === state).length,
    }))
    .filter(({ key, count }) => count > 0 || key === chosen);
}

export function selectNodes(
  nodes: readonly RunNode[],
  outcome: string | undefined,
  filter: string | undefined,
): RunNode[] {
  const text = (filter ?? '').trim().toLowerCase();
  return nodes.filter((node) => {
    if (outcome !== undefined && stateOfNode(node.status).state !== outcome) return false;
    if (text === '') return true;
    return [node.name, node.resource_type, node.message ?? ''].some((part) =>
      part.toLowerCase().includes(text),
    );
  });
}

const ranks = [
  'error',
  'warning',
  'running',
  'queued',
  'starting',
  'cancelled',
  'skipped',
  'success',
];

/** For sorting by state: what needs a look comes first. */
export function rankOf(node: RunNode): number {
  return ranks.indexOf(stateOfNode(node.status).state);
}

/** Messages of dbt begin with a heading that repeats the node; the line below it is the news. */
export function newsOf(message: string | null): string {
  const lines = (message ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const [first, second] = lines;
  if (first !== undefined && second !== undefined && /^(?:\w+ )?error in /i.test(first))
    return second;
  return first ?? '';
}
