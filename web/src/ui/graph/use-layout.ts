import { useEffect, useMemo, useRef, useState } from 'react';
import { layOut } from './lay-out';
import type { GraphEdge, GraphNode, Layout } from './types';

interface Laid {
  layout: Layout | null;
  failed: boolean;
}

/**
 * The places of the nodes. They depend on which nodes and edges there are and on the labels, not on states:
 * a node that finishes does not move any other. While a new layout is made, the former stands.
 */
export function useLayout(nodes: readonly GraphNode[], edges: readonly GraphEdge[]): Laid {
  const shape = useMemo(
    () =>
      [
        nodes.map(({ id, label }) => `${id}\t${label.length}`).join('\n'),
        edges.map(({ from, to }) => `${from}\t${to}`).join('\n'),
      ].join('\n\n'),
    [nodes, edges],
  );
  const [laid, setLaid] = useState<Laid>({ layout: null, failed: false });
  const latest = useRef({ nodes, edges });
  useEffect(() => {
    latest.current = { nodes, edges };
  }, [nodes, edges]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the shape stands for the nodes and edges.
  useEffect(() => {
    let current = true;
    layOut(latest.current.nodes, latest.current.edges).then(
      (layout) => current && setLaid({ layout, failed: false }),
      () => current && setLaid({ layout: null, failed: true }),
    );
    return () => {
      current = false;
    };
  }, [shape]);
  return laid;
}

/** Edges between nodes that are there, each once. */
export function cleanEdges(
  nodes: readonly GraphNode[],
  edges: readonly GraphEdge[],
): readonly GraphEdge[] {
  const known = new Set(nodes.map(({ id }) => id));
  const seen = new Set<string>();
  return edges.filter(({ from, to }) => {
    const pair = `${from}\t${to}`;
    if (from === to || seen.has(pair) || !known.has(from) || !known.has(to)) return false;
    seen.add(pair);
    return true;
  });
}
