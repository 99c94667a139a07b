import { useComputedColorScheme } from '@mantine/core';
import {
  type KeyboardEvent,
  type Ref,
  useEffect,
  useImperativeHandle,
  useMemo,
  useRef,
  useState,
} from 'react';
import { stateWord } from '../states';
import { draw, edgePath, readPalette, type Scene } from './canvas-draw';
import css from './graph.module.css';
import { HitTest } from './hit-test';
import type { DrawingProps, GraphHandle } from './types';
import { useCanvasView } from './use-canvas-view';
import { centredOn, fitted, isInside, panned, zoomedAt } from './viewport';
import { inWords, neighboursOf, step } from './walk';

type CanvasViewProps = DrawingProps & { ref: Ref<GraphHandle> };

/** A drawing for thousands of nodes: pan by dragging, zoom by the wheel, walk by the arrow keys. */
export function CanvasView({ ref, ...props }: CanvasViewProps) {
  const { nodes, edges, layout, selected, onSelect, label } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const [cursor, setCursor] = useState<string | null>(selected);
  const scheme = useComputedColorScheme('light');
  const byId = useMemo(() => new Map(nodes.map((node) => [node.id, node])), [nodes]);
  const neighbours = useMemo(() => neighboursOf(edges), [edges]);
  const hits = useMemo(() => new HitTest(layout), [layout]);
  const lines = useMemo(() => edgePath(edges, layout), [edges, layout]);
  const lit = useMemo(
    () =>
      edgePath(
        edges.filter(({ from, to }) => from === selected || to === selected),
        layout,
      ),
    [edges, layout, selected],
  );
  const { view, size, move, hovered } = useCanvasView(canvas, layout, hits, (id) => {
    setCursor(id);
    onSelect(id);
  });
  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context || view === null) return;
    const scene: Scene = { nodes, layout, lines, lit, selected, cursor };
    // Read each time: the scheme is one of the reasons for drawing anew.
    void scheme;
    const colours = readPalette(element);
    const frame = requestAnimationFrame(() =>
      draw(context, scene, view, size, colours, window.devicePixelRatio),
    );
    return () => cancelAnimationFrame(frame);
  }, [nodes, layout, lines, lit, selected, cursor, view, size, scheme]);

  const goTo = (id: string) => {
    setCursor(id);
    const box = layout.get(id);
    if (box !== undefined) {
      move((now) =>
        isInside(now, box, size) && now.zoom >= 0.5 ? now : centredOn(now, box, size),
      );
    }
  };
  const middle = { x: size.width / 2, y: size.height / 2 };
  useImperativeHandle(
    ref,
    (): GraphHandle => ({
      zoomBy: (factor) => move((now) => zoomedAt(now, factor, middle)),
      fit: () => move(() => fitted(layout, size)),
      goTo: (id) => {
        goTo(id);
        canvas.current?.focus({ preventScroll: true });
      },
    }),
  );

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const here = cursor ?? nodes[0]?.id;
    if (here === undefined) return;
    if (event.key === 'Enter' || event.key === ' ') onSelect(here);
    else if (event.key === '+') move((now) => zoomedAt(now, 1.25, middle));
    else if (event.key === '-') move((now) => zoomedAt(now, 0.8, middle));
    else if (event.key.startsWith('Arrow')) {
      if (event.shiftKey) move((now) => panned(now, ...panOf(event.key)));
      else goTo((cursor === null ? here : step(event.key, here, layout, neighbours)) ?? here);
    } else return;
    event.preventDefault();
  };
  const at = cursor === null ? undefined : byId.get(cursor);
  const above = hovered === null ? undefined : byId.get(hovered);
  return (
    <div className={css.drawing}>
      {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: its keys are its own. */}
      <canvas
        ref={canvas}
        className={css.canvas}
        role="application"
        aria-label={`${label}. Arrow keys walk along it, Enter opens a node.`}
        tabIndex={0}
        data-hovered={hovered ?? undefined}
        title={above && [above.label, above.kind].filter(Boolean).join(' · ')}
        onKeyDown={onKeyDown}
      />
      <p className="visually-hidden" aria-live="polite">
        {at &&
          [
            inWords(
              at,
              neighbours.up.get(at.id)?.length ?? 0,
              neighbours.down.get(at.id)?.length ?? 0,
            ),
            at.state && stateWord[at.state],
          ]
            .filter(Boolean)
            .join(', ')}
      </p>
    </div>
  );
}

function panOf(key: string): [number, number] {
  const far = 80;
  if (key === 'ArrowLeft') return [far, 0];
  if (key === 'ArrowRight') return [-far, 0];
  return [0, key === 'ArrowUp' ? far : -far];
}
