import { Skeleton } from '@mantine/core';
import { useMemo, useRef } from 'react';
import { CanvasView } from './canvas-view';
import { FlowView } from './flow-view';
import type { GraphProps } from './graph';
import css from './graph.module.css';
import { GraphToolbar } from './graph-toolbar';
import { NodeList } from './node-list';
import type { DrawingProps, GraphHandle } from './types';
import { cleanEdges, useLayout } from './use-layout';

/** Beyond, elements of the page become too many to stay quick, and a canvas takes over. */
const mostElements = 800;

export function GraphView({ nodes, edges, selected = null, onSelect, height, label }: GraphProps) {
  const drawing = useRef<GraphHandle>(null);
  const clean = useMemo(() => cleanEdges(nodes, edges), [nodes, edges]);
  const { layout, failed } = useLayout(nodes, clean);
  const Drawing = nodes.length > mostElements ? CanvasView : FlowView;
  const props: Omit<DrawingProps, 'layout'> = { nodes, edges: clean, selected, onSelect, label };
  return (
    <div className={css.root} style={height === undefined ? undefined : { height }}>
      <GraphToolbar nodes={nodes} drawing={drawing} />
      {failed && <p className={css.message}>The graph could not be laid out. Reload the page.</p>}
      {layout === null && !failed && (
        <Skeleton className={css.drawing} aria-label="The graph is being laid out" role="status" />
      )}
      {layout !== null && <Drawing ref={drawing} layout={layout} {...props} />}
      <NodeList nodes={nodes} edges={clean} label={label} />
    </div>
  );
}
