import '@xyflow/react/dist/base.css';
import {
  type Edge,
  Position,
  ReactFlow,
  type ReactFlowInstance,
  ReactFlowProvider,
  useReactFlow,
  useStore,
} from '@xyflow/react';
import { type Ref, useEffect, useImperativeHandle, useMemo, useRef } from 'react';
import { FlowContext, FlowNode, type FlowNodeType } from './flow-node';
import css from './graph.module.css';
import type { Box, DrawingProps, GraphHandle, GraphNode, Layout } from './types';

const nodeTypes = { own: FlowNode };
const fitOptions = { padding: 0.08, maxZoom: 1, duration: 0 };
/** Below, all nodes are in the page, so that Tab reaches each; above, only those in view. */
const mostAtOnce = 150;
const readableZoom = 0.8;

type FlowViewProps = DrawingProps & { ref: Ref<GraphHandle> };

function flowNodes(nodes: readonly GraphNode[], layout: Layout): FlowNodeType[] {
  return nodes.flatMap((node) => {
    const box = layout.get(node.id);
    if (box === undefined) return [];
    const { x, y, width, height } = box;
    const middle = { y: height / 2, width: 1, height: 1 };
    return [
      {
        id: node.id,
        type: 'own' as const,
        position: { x, y },
        width,
        height,
        // Above the edges of the selected one.
        zIndex: 2,
        data: { node },
        // Said beforehand, so that nothing waits for a measurement.
        handles: [
          { type: 'target' as const, position: Position.Left, x: 0, ...middle },
          { type: 'source' as const, position: Position.Right, x: width, ...middle },
        ],
      },
    ];
  });
}

function flowEdges({ edges, nodes, selected }: DrawingProps): Edge[] {
  const dim = new Set(nodes.filter((node) => node.dim).map(({ id }) => id));
  return edges.map(({ from, to }) => {
    const lit = from === selected || to === selected;
    const faint = !lit && (dim.has(from) || dim.has(to));
    return {
      id: `${from}>${to}`,
      source: from,
      target: to,
      className: lit ? (css.litEdge ?? '') : faint ? (css.dimEdge ?? '') : '',
      zIndex: lit ? 1 : 0,
    };
  });
}

function centre(flow: ReactFlowInstance, box: Box | undefined): void {
  if (box === undefined) return;
  const zoom = Math.max(readableZoom, flow.getZoom());
  void flow.setCenter(box.x + box.width / 2, box.y + box.height / 2, { zoom, duration: 0 });
}

/** A node that was out of view comes into the page only some frames after the view has moved there. */
function focusNode(root: HTMLElement | null, id: string, frames = 20): void {
  requestAnimationFrame(() => {
    const node = root?.querySelector<HTMLElement>(`[data-node="${CSS.escape(id)}"]`);
    if (node) node.focus({ preventScroll: true });
    else if (frames > 0) focusNode(root, id, frames - 1);
  });
}

export function FlowView(props: FlowViewProps) {
  return (
    <ReactFlowProvider>
      <Flow {...props} />
    </ReactFlowProvider>
  );
}

function Flow({ ref, ...props }: FlowViewProps) {
  const { nodes, layout, selected, onSelect, label } = props;
  const root = useRef<HTMLDivElement>(null);
  const flow = useReactFlow();
  const drawn = useMemo(() => flowNodes(nodes, layout), [nodes, layout]);
  const lines = flowEdges(props);
  const actions = useMemo(() => {
    const onFocus = (id: string) => centre(flow, layout.get(id));
    return { selected, onSelect, onFocus };
  }, [selected, onSelect, flow, layout]);
  useImperativeHandle(
    ref,
    (): GraphHandle => ({
      zoomBy: (factor) => void flow.zoomTo(flow.getZoom() * factor),
      fit: () => void flow.fitView(fitOptions),
      goTo: (id) => {
        centre(flow, layout.get(id));
        focusNode(root.current, id);
      },
    }),
    [flow, layout],
  );
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for form fields.
    <div ref={root} className={css.drawing} role="group" aria-label={label}>
      <FlowContext.Provider value={actions}>
        <ReactFlow
          nodes={drawn}
          edges={lines}
          nodeTypes={nodeTypes}
          className={css.flow ?? ''}
          minZoom={0.05}
          maxZoom={2}
          nodesDraggable={false}
          nodesConnectable={false}
          nodesFocusable={false}
          edgesFocusable={false}
          elementsSelectable={false}
          deleteKeyCode={null}
          onlyRenderVisibleElements={nodes.length > mostAtOnce}
          attributionPosition="bottom-left"
          fitView
          fitViewOptions={fitOptions}
        />
      </FlowContext.Provider>
      <FitAnew layout={layout} />
    </div>
  );
}

/** All in view again once the nodes stand elsewhere, or the frame has another size. */
function FitAnew({ layout }: { layout: Layout }) {
  const flow = useReactFlow();
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  // biome-ignore lint/correctness/useExhaustiveDependencies: these are what it is done for.
  useEffect(() => {
    const frame = requestAnimationFrame(() => void flow.fitView(fitOptions));
    return () => cancelAnimationFrame(frame);
  }, [layout, width, height, flow]);
  return null;
}
