import type { Box, Layout } from './types';

/** The point (x, y) of the graph stands in the window's corner, `zoom` times as large. */
export interface Viewport {
  x: number;
  y: number;
  zoom: number;
}

export interface Size {
  width: number;
  height: number;
}

export const leastZoom = 0.01;
export const mostZoom = 2;
const margin = 24;

function clampZoom(zoom: number): number {
  return Math.min(mostZoom, Math.max(leastZoom, zoom));
}

export function boundsOf(boxes: Iterable<Box>): Box {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y, width, height } of boxes) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + width);
    bottom = Math.max(bottom, y + height);
  }
  if (left === Infinity) return { x: 0, y: 0, width: 0, height: 0 };
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** All of it in the window, and no larger than life. */
export function fitted(layout: Layout, { width, height }: Size): Viewport {
  const bounds = boundsOf(layout.values());
  const zoom = clampZoom(
    Math.min(
      1,
      (width - 2 * margin) / Math.max(1, bounds.width),
      (height - 2 * margin) / Math.max(1, bounds.height),
    ),
  );
  return {
    zoom,
    x: bounds.x + bounds.width / 2 - width / 2 / zoom,
    y: bounds.y + bounds.height / 2 - height / 2 / zoom,
  };
}

/** Larger or smaller by a factor, with what lies under the point staying there. */
export function zoomedAt(view: Viewport, factor: number, at: { x: number; y: number }): Viewport {
  const zoom = clampZoom(view.zoom * factor);
  return {
    zoom,
    x: view.x + at.x / view.zoom - at.x / zoom,
    y: view.y + at.y / view.zoom - at.y / zoom,
  };
}

export function panned(view: Viewport, dx: number, dy: number): Viewport {
  return { ...view, x: view.x - dx / view.zoom, y: view.y - dy / view.zoom };
}

export function centredOn(view: Viewport, box: Box, { width, height }: Size): Viewport {
  const zoom = Math.max(view.zoom, 0.8);
  return {
    zoom,
    x: box.x + box.width / 2 - width / 2 / zoom,
    y: box.y + box.height / 2 - height / 2 / zoom,
  };
}

export function isInside(view: Viewport, box: Box, { width, height }: Size): boolean {
  const left = (box.x - view.x) * view.zoom;
  const top = (box.y - view.y) * view.zoom;
  return (
    left >= 0 &&
    top >= 0 &&
    left + box.width * view.zoom <= width &&
    top + box.height * view.zoom <= height
  );
}
