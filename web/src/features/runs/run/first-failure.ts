import type { Run, RunNode, RunStep } from '@/api/types';
import { stateOf, stateOfNode } from '../status';

export type Failure =
  | { kind: 'node'; node: RunNode; others: number }
  | { kind: 'step'; step: RunStep | null; message: string };

function earlier(one: RunNode, other: RunNode): number {
  if (one.step !== other.step) return one.step - other.step;
  const [a, b] = [one.finished_at ?? '', other.finished_at ?? ''];
  if (a !== b) return a < b ? -1 : 1;
  return (one.index ?? 0) - (other.index ?? 0);
}

export function failedNodes(nodes: readonly RunNode[]): RunNode[] {
  return nodes.filter((node) => stateOfNode(node.status).state === 'error').sort(earlier);
}

export function failedStep(run: Run): RunStep | null {
  return run.run_steps.find((step) => stateOf(step.status) === 'error') ?? null;
}

/**
 * What the reader of a failed run wants to see first: the node that failed first, or, where no node
 * did (a clone, a compilation), the step and what it said. A failed node counts while the run still runs.
 */
export function firstFailure(run: Run, nodes: readonly RunNode[]): Failure | null {
  const failed = failedNodes(nodes);
  const [first] = failed;
  const state = stateOf(run.status);
  if (first !== undefined && state !== 'success') {
    return { kind: 'node', node: first, others: failed.length - 1 };
  }
  if (state !== 'error') return null;
  return { kind: 'step', step: failedStep(run), message: run.status_message?.trim() ?? '' };
}
