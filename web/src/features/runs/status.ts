import type { NodeStatus, Run, RunNode, RunStep, StatusCode } from '@/api/types';
import type { StateName } from '@/ui/states';

const states: Record<StatusCode, StateName> = {
  1: 'queued',
  2: 'starting',
  3: 'running',
  10: 'success',
  20: 'error',
  30: 'cancelled',
};

/** A run's or a step's state. A code that this version does not know counts as queued: no outcome. */
export function stateOf(code: StatusCode): StateName {
  return states[code] ?? 'queued';
}

export function isOver(code: StatusCode): boolean {
  return code >= 10;
}

/** Cancelled before it began: the run stopped earlier, so for the reader the step was skipped. */
export function stateOfStep(step: RunStep): StateName {
  const state = stateOf(step.status);
  return state === 'cancelled' && step.started_at === null ? 'skipped' : state;
}

interface NodeState {
  state: StateName;
  word: string;
}

const nodeStates: Record<string, NodeState> = {
  started: { state: 'running', word: 'Running' },
  success: { state: 'success', word: 'Success' },
  pass: { state: 'success', word: 'Pass' },
  error: { state: 'error', word: 'Error' },
  'runtime error': { state: 'error', word: 'Error' },
  fail: { state: 'error', word: 'Fail' },
  warn: { state: 'warning', word: 'Warn' },
  'partial success': { state: 'warning', word: 'Partial' },
  skipped: { state: 'skipped', word: 'Skipped' },
  interrupted: { state: 'cancelled', word: 'Interrupted' },
  'no-op': { state: 'skipped', word: 'No-op' },
};

export function stateOfNode(status: NodeStatus): NodeState {
  return nodeStates[status.toLowerCase()] ?? { state: 'queued', word: status };
}

/** Nodes that were under way when their run ended have no outcome and never will: they were interrupted. */
export function settledNodes(run: Run, nodes: RunNode[]): RunNode[] {
  if (!isOver(run.status) || nodes.every((node) => node.status !== 'started')) return nodes;
  return nodes.map((node) =>
    node.status === 'started' ? { ...node, status: 'interrupted' } : node,
  );
}

export interface Span {
  key: string;
  word: string;
  ms: number;
}

const hour = 3_600_000;

/** How far back a list of runs reaches. */
/** Something to choose from. */
export interface Choice {
  key: string;
  word: string;
}

export const spans: readonly Span[] = [
  { key: '1h', word: 'in the last hour', ms: hour },
  { key: '24h', word: 'in the last 24 hours', ms: 24 * hour },
  { key: '7d', word: 'in the last 7 days', ms: 7 * 24 * hour },
  { key: '30d', word: 'in the last 30 days', ms: 30 * 24 * hour },
];

/** The categories of what makes runs, by which lists can be filtered. */
export const causes: readonly Choice[] = [
  { key: 'scheduled', word: 'the schedule' },
  { key: 'ui', word: 'a person here' },
  { key: 'api', word: 'the API' },
  { key: 'ci', word: 'a pull request' },
  { key: 'merge', word: 'a merge' },
  { key: 'rerun', word: 'a retry of a run' },
  { key: 'job completion', word: 'another job' },
];

/** The moment since which, as the API reads it; to the minute, so that asking again is the same question. */
export function sinceWhen(key: string | null | undefined, now: number): string | undefined {
  const span = spans.find((each) => each.key === key);
  if (span === undefined) return undefined;
  const minute = 60_000;
  return new Date(Math.floor((now - span.ms) / minute) * minute).toISOString();
}

export interface StatusFilter {
  key: string;
  word: string;
  state: StateName;
  codes: readonly StatusCode[];
}

/** The chips of the list of runs. Starting lasts a moment: it counts as running. */
export const statusFilters: readonly StatusFilter[] = [
  { key: 'running', word: 'Running', state: 'running', codes: [2, 3] },
  { key: 'queued', word: 'Queued', state: 'queued', codes: [1] },
  { key: 'error', word: 'Error', state: 'error', codes: [20] },
  { key: 'success', word: 'Success', state: 'success', codes: [10] },
  { key: 'cancelled', word: 'Cancelled', state: 'cancelled', codes: [30] },
];
