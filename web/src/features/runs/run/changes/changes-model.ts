import type { RunNode } from '@/api/types';
import { stateOfNode } from '../../status';

/** One node in the earlier and the later of two runs. */
export interface Pair {
  id: string;
  before: RunNode | null;
  now: RunNode | null;
}

export interface Changes {
  newFailures: Pair[];
  stillFailing: Pair[];
  fixed: Pair[];
  slower: Pair[];
  added: Pair[];
  gone: Pair[];
}

/** A node counts as slower when it took this many times as long … */
export const slowerTimes = 1.5;
/** … and this many seconds longer: a test of 10 ms that took 20 is no news. */
export const slowerSeconds = 2;

/** The last step tells of a node that several steps ran. */
function byId(nodes: readonly RunNode[]): Map<string, RunNode> {
  const found = new Map<string, RunNode>();
  for (const node of nodes) {
    const other = found.get(node.unique_id);
    if (other === undefined || other.step <= node.step) found.set(node.unique_id, node);
  }
  return found;
}

function failed(node: RunNode): boolean {
  return stateOfNode(node.status).state === 'error';
}

function wentWell(node: RunNode): boolean {
  const { state } = stateOfNode(node.status);
  return state === 'success' || state === 'warning';
}

export function isSlower(before: RunNode, now: RunNode): boolean {
  const [then, later] = [before.execution_time, now.execution_time];
  if (then === null || later === null || !wentWell(before) || !wentWell(now)) return false;
  return later > then * slowerTimes && later - then > slowerSeconds;
}

/** How much longer, for the order of the slower ones. */
function growth({ before, now }: Pair): number {
  return (now?.execution_time ?? 0) - (before?.execution_time ?? 0);
}

/** What differs between two runs. While the later one goes on, nothing counts as gone yet. */
export function compare(
  before: readonly RunNode[],
  now: readonly RunNode[],
  isOver: boolean,
): Changes {
  const [then, later] = [byId(before), byId(now)];
  const changes: Changes = {
    newFailures: [],
    stillFailing: [],
    fixed: [],
    slower: [],
    added: [],
    gone: [],
  };
  for (const [id, node] of later) {
    const other = then.get(id) ?? null;
    const pair = { id, before: other, now: node };
    if (failed(node)) {
      (other !== null && failed(other) ? changes.stillFailing : changes.newFailures).push(pair);
    } else if (other !== null && failed(other) && wentWell(node)) changes.fixed.push(pair);
    else if (other !== null && isSlower(other, node)) changes.slower.push(pair);
    if (other === null) changes.added.push(pair);
  }
  if (isOver) {
    for (const [id, node] of then) {
      if (!later.has(id)) changes.gone.push({ id, before: node, now: null });
    }
  }
  changes.slower.sort((a, b) => growth(b) - growth(a));
  return changes;
}

export function isEmpty(changes: Changes): boolean {
  return Object.values(changes).every((pairs: Pair[]) => pairs.length === 0);
}
