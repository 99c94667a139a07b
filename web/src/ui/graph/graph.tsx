import { Skeleton } from '@mantine/core';
import { lazy, Suspense } from 'react';
import type { GraphEdge, GraphNode } from './types';

export type { GraphEdge, GraphNode } from './types';

export interface GraphProps {
  nodes: readonly GraphNode[];
  edges: readonly GraphEdge[];
  selected?: string | null | undefined;
  onSelect: (id: string) => void;
  /** Pixels or any CSS length; by default it fills what its parent leaves, 320 px at least. */
  height?: number | string | undefined;
  /** What the graph shows, for screen readers: “Lineage of run 12”. */
  label: string;
}

// The drawing and its libraries are read only where a graph is shown.
const GraphView = lazy(async () => ({ default: (await import('./graph-view')).GraphView }));

/** Nodes and what depends on them, from left to right. */
export function Graph(props: GraphProps) {
  return (
    <Suspense fallback={<Skeleton height={props.height ?? 320} />}>
      <GraphView {...props} />
    </Suspense>
  );
}
