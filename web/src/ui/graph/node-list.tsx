import { memo, useMemo } from 'react';
import { stateWord } from '../states';
import type { GraphEdge, GraphNode } from './types';
import { neighboursOf } from './walk';

interface NodeListProps {
  nodes: readonly GraphNode[];
  edges: readonly GraphEdge[];
  label: string;
}

/** The graph in words, for those who do not see it: each node and what it depends on. */
export const NodeList = memo(function NodeList({ nodes, edges, label }: NodeListProps) {
  const { up } = useMemo(() => neighboursOf(edges), [edges]);
  const labels = useMemo(() => new Map(nodes.map(({ id, label: name }) => [id, name])), [nodes]);
  return (
    <ul className="visually-hidden" aria-label={`${label}, as a list`}>
      {nodes.map(({ id, label: name, kind, state }) => {
        const before = (up.get(id) ?? []).map((other) => labels.get(other)).join(', ');
        const words = [name, kind, state && stateWord[state]].filter(Boolean).join(', ');
        return (
          <li key={id}>
            {words}; {before === '' ? 'nothing upstream' : `upstream: ${before}`}
          </li>
        );
      })}
    </ul>
  );
});
