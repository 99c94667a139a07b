import type { GraphEdge, GraphNode, Layout } from './types';

export interface Neighbours {
  up: ReadonlyMap<string, readonly string[]>;
  down: ReadonlyMap<string, readonly string[]>;
}

export function neighboursOf(edges: readonly GraphEdge[]): Neighbours {
  const up = new Map<string, string[]>();
  const down = new Map<string, string[]>();
  const add = (map: Map<string, string[]>, key: string, value: string) => {
    const list = map.get(key);
    if (list === undefined) map.set(key, [value]);
    else list.push(value);
  };
  for (const { from, to } of edges) {
    add(down, from, to);
    add(up, to, from);
  }
  return { up, down };
}

function nearest(candidates: readonly string[], layout: Layout, y: number): string | null {
  let best: string | null = null;
  let distance = Infinity;
  for (const id of candidates) {
    const box = layout.get(id);
    if (box !== undefined && Math.abs(box.y - y) < distance) {
      best = id;
      distance = Math.abs(box.y - y);
    }
  }
  return best;
}

/** Where an arrow key leads from a node: left to what it depends on, right to what uses it, up and down beside it. */
export function step(
  key: string,
  from: string,
  layout: Layout,
  neighbours: Neighbours,
): string | null {
  const box = layout.get(from);
  if (box === undefined) return null;
  if (key === 'ArrowLeft') return nearest(neighbours.up.get(from) ?? [], layout, box.y);
  if (key === 'ArrowRight') return nearest(neighbours.down.get(from) ?? [], layout, box.y);
  const beside: string[] = [];
  for (const [id, other] of layout) {
    const overlaps = other.x < box.x + box.width && other.x + other.width > box.x;
    const further = key === 'ArrowUp' ? other.y < box.y : other.y > box.y;
    if (overlaps && further) beside.push(id);
  }
  return nearest(beside, layout, box.y);
}

/** A node and what stands directly before and behind it, in words. */
export function inWords(node: GraphNode, upstream: number, downstream: number): string {
  return [node.label, node.kind, `${upstream} upstream, ${downstream} downstream`]
    .filter((part) => part !== undefined && part !== '')
    .join(', ');
}
