import type { Run, RunNode, RunStep } from '@/api/types';
import type { StateName } from '@/ui/states';
import { stateOfNode, stateOfStep } from '../status';

/** The bar of a run: a segment per step, and in it a tick per node. */
export interface BarSegment {
  step: RunStep;
  state: StateName;
  /** Share of the width, relative to the other segments. */
  weight: number;
  /** How many ticks the segment holds; 0 for a step without nodes. */
  total: number;
  /** Per state the places (from 0) of its ticks. What has no tick is still to come. */
  ticks: Map<StateName, number[]>;
  done: number;
}

/** A step without nodes, against one with a hundred: enough to be seen and to be pointed at. */
const plainWeight = 1;
const weightOfNodes = (total: number) => 3 + Math.min(9, Math.sqrt(total));

/** Places of nodes that have no index of their own follow those that have. */
function ticksOf(nodes: readonly RunNode[]): {
  total: number;
  ticks: Map<StateName, number[]>;
  done: number;
} {
  const ticks = new Map<StateName, number[]>();
  let total = 0;
  for (const node of nodes) total = Math.max(total, node.total ?? 0, node.index ?? 0);
  let spare = nodes.reduce((highest, node) => Math.max(highest, node.index ?? 0), 0);
  let done = 0;
  for (const node of nodes) {
    const { state } = stateOfNode(node.status);
    const place = node.index === null ? spare++ : node.index - 1;
    const places = ticks.get(state) ?? [];
    places.push(place);
    ticks.set(state, places);
    if (state !== 'running') done += 1;
  }
  return { total: Math.max(total, spare), ticks, done };
}

export function barOf(run: Run, nodes: readonly RunNode[]): BarSegment[] {
  const byStep = new Map<number, RunNode[]>();
  for (const node of nodes) {
    const group = byStep.get(node.step);
    if (group === undefined) byStep.set(node.step, [node]);
    else group.push(node);
  }
  return run.run_steps.map((step) => {
    const { total, ticks, done } = ticksOf(byStep.get(step.index) ?? []);
    const weight = total === 0 ? plainWeight : weightOfNodes(total);
    return { step, state: stateOfStep(step), weight, total, ticks, done };
  });
}

/** One path for all ticks of a state, in a box as wide as there are nodes and 1 high. */
export function tickPath(places: readonly number[], total: number): string {
  // Ticks stand apart while there is room for a gap between them. A gap is a hair of the segment, however
  // few the nodes are: a wider one looks like a node to come.
  const width = total <= 150 ? Number((1 - Math.min(0.22, total / 300)).toFixed(3)) : 1;
  return places.map((place) => `M${place} 0h${width}v1h-${width}z`).join('');
}
