import { type RefObject, useEffect, useRef, useState } from 'react';
import type { HitTest } from './hit-test';
import type { Layout } from './types';
import { fitted, panned, type Size, type Viewport, zoomedAt } from './viewport';

/** Nodes are drawn smaller than a finger when far away; this many pixels around one still mean it. */
const slackPx = 4;
/** A press that moves less is a click. */
const clickPx = 4;

interface CanvasState {
  /** `null` until the canvas has a size. */
  view: Viewport | null;
  size: Size;
  move: (change: (now: Viewport) => Viewport) => void;
  hovered: string | null;
}

function useSize(canvas: RefObject<HTMLCanvasElement | null>): Size {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => {
      const { clientWidth: width, clientHeight: height } = element;
      // Setting a canvas's size empties it, so only where it differs.
      const [wide, high] = [width, height].map((px) => Math.round(px * window.devicePixelRatio));
      if (element.width !== wide) element.width = wide ?? 0;
      if (element.height !== high) element.height = high ?? 0;
      setSize({ width, height });
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [canvas]);
  return size;
}

/** What is in view, and how the pointer changes that. */
export function useCanvasView(
  canvas: RefObject<HTMLCanvasElement | null>,
  layout: Layout,
  hits: HitTest,
  onPick: (id: string) => void,
): CanvasState {
  const size = useSize(canvas);
  const [moved, setMoved] = useState<{ layout: Layout; view: Viewport } | null>(null);
  const [hovered, setHovered] = useState<string | null>(null);
  const whole = size.width === 0 ? null : fitted(layout, size);
  // Until it is moved, all of it is in view, whatever the size.
  const view = moved?.layout === layout ? moved.view : whole;
  const move = (change: (now: Viewport) => Viewport) =>
    setMoved((before) => {
      const now = before?.layout === layout ? before.view : whole;
      return now === null ? before : { layout, view: change(now) };
    });
  const latest = useRef({ view, hits, move, onPick });
  useEffect(() => {
    latest.current = { view, hits, move, onPick };
  });
  useEffect(() => {
    const element = canvas.current;
    return element === null ? undefined : listen(element, latest, setHovered);
  }, [canvas]);
  return { view, size, move, hovered };
}

type Latest = RefObject<{
  view: Viewport | null;
  hits: HitTest;
  move: CanvasState['move'];
  onPick: (id: string) => void;
}>;

function nodeAt({ current: { view, hits } }: Latest, x: number, y: number): string | null {
  if (view === null) return null;
  return hits.at(view.x + x / view.zoom, view.y + y / view.zoom, slackPx / view.zoom);
}

function listen(
  element: HTMLCanvasElement,
  latest: Latest,
  setHovered: (id: string | null) => void,
): () => void {
  const control = new AbortController();
  const options = { signal: control.signal };
  let pressed: { x: number; y: number; far: boolean } | null = null;
  element.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      const at = { x: event.offsetX, y: event.offsetY };
      const lines = event.deltaMode === 1 ? 16 : 1;
      latest.current.move((now) => zoomedAt(now, 2 ** (-event.deltaY * lines * 0.002), at));
    },
    // React listens passively, which would let the page scroll as well.
    { ...options, passive: false },
  );
  element.addEventListener(
    'pointerdown',
    (event) => {
      if (event.button !== 0) return;
      pressed = { x: event.offsetX, y: event.offsetY, far: false };
      element.setPointerCapture(event.pointerId);
    },
    options,
  );
  element.addEventListener(
    'pointermove',
    (event) => {
      if (pressed === null) {
        setHovered(nodeAt(latest, event.offsetX, event.offsetY));
        return;
      }
      const [dx, dy] = [event.offsetX - pressed.x, event.offsetY - pressed.y];
      if (!pressed.far && Math.hypot(dx, dy) < clickPx) return;
      pressed = { x: event.offsetX, y: event.offsetY, far: true };
      latest.current.move((now) => panned(now, dx, dy));
    },
    options,
  );
  element.addEventListener(
    'pointerup',
    (event) => {
      const wasClick = pressed !== null && !pressed.far;
      pressed = null;
      const id = wasClick ? nodeAt(latest, event.offsetX, event.offsetY) : null;
      if (id !== null) latest.current.onPick(id);
    },
    options,
  );
  element.addEventListener('pointercancel', () => (pressed = null), options);
  element.addEventListener('pointerleave', () => setHovered(null), options);
  return () => control.abort();
}
