import type { GraphEdge, GraphNode } from '@/ui/graph/graph';
import type { CatalogNode } from './catalog-api';
import { kindWord, lastState } from './kinds';

/** Nodes of the catalog as the graph draws them; edges to what is not among them are left out. */
export function graphOf(
  shown: readonly CatalogNode[],
  stands?: (uniqueId: string) => boolean,
): { nodes: GraphNode[]; edges: GraphEdge[] } {
  const ids = new Set(shown.map(({ uniqueId }) => uniqueId));
  const nodes = shown.map((node): GraphNode => {
    const state = lastState(node.lastRunStatus)?.state;
    return {
      id: node.uniqueId,
      label: node.name,
      kind: kindWord(node.resourceType),
      // Green everywhere would say nothing: colour is for what did not go well.
      state: state === 'success' ? undefined : state,
      tone: 'grey',
      dim: stands === undefined ? undefined : !stands(node.uniqueId),
    };
  });
  const edges = shown.flatMap(({ uniqueId, parentIds }) =>
    parentIds.filter((parent) => ids.has(parent)).map((parent) => ({ from: parent, to: uniqueId })),
  );
  return { nodes, edges };
}
