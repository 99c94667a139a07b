import type { RunNode } from '@/api/types';
import type { GraphEdge, GraphNode } from '@/ui/graph/graph';
import { stateOfNode } from '../../status';

/** What each node depends on, by id, and of which run that is known. */
export interface Lineage {
  run: number;
  upstream: ReadonlyMap<string, readonly string[]>;
}

interface Drawn {
  nodes: GraphNode[];
  edges: GraphEdge[];
}

/** `model.shop.orders`, `source.shop.app.events`, `test.shop.unique_orders_id.4f2a`. */
export function namesOf(id: string): { kind: string; name: string } {
  const [kind = '', , ...rest] = id.split('.');
  const isTest = kind === 'test';
  return { kind, name: (isTest ? rest.slice(0, 1) : rest).join('.') || id };
}

function isTest(node: RunNode): boolean {
  return node.resource_type === 'test' || node.resource_type === 'unit_test';
}

/**
 * The run's nodes, coloured by their outcome, with what they depend on directly even where that was no part of
 * the run. Tests are many and hide the rest, so they come in only when asked for, or when something is amiss.
 */
export function draw(nodes: readonly RunNode[], lineage: Lineage, withTests: boolean): Drawn {
  const ran = new Map<string, RunNode>();
  for (const node of nodes) {
    const { state } = stateOfNode(node.status);
    const amiss = state === 'error' || state === 'warning';
    if (withTests || amiss || !isTest(node)) ran.set(node.unique_id, node);
  }
  const drawn = new Map<string, GraphNode>();
  for (const [id, node] of ran) {
    const { state } = stateOfNode(node.status);
    drawn.set(id, { id, label: node.name, kind: node.resource_type, state });
  }
  const edges: GraphEdge[] = [];
  for (const id of ran.keys()) {
    for (const parent of lineage.upstream.get(id) ?? []) {
      if (!drawn.has(parent)) {
        const { kind, name } = namesOf(parent);
        drawn.set(parent, { id: parent, label: name, kind, dim: true });
      }
      edges.push({ from: parent, to: id });
    }
  }
  return { nodes: [...drawn.values()], edges };
}
