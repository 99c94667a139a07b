import { expect, it } from 'vitest';
import { centredOn, fitted, isInside, panned, zoomedAt } from './viewport';

const size = { width: 800, height: 600 };
const box = (x: number, y: number) => ({ x, y, width: 100, height: 40 });

it('fits all into the window, and magnifies nothing', () => {
  const layout = new Map([
    ['a', box(-500, 0)],
    ['b', box(4_000, 2_000)],
  ]);
  const view = fitted(layout, size);
  expect(view.zoom).toBeLessThan(1);
  for (const each of layout.values()) expect(isInside(view, each, size)).toBe(true);
  expect(fitted(new Map([['a', box(0, 0)]]), size).zoom).toBe(1);
  expect(Number.isFinite(fitted(new Map(), size).x)).toBe(true);
});

it('zooms around the pointer', () => {
  const view = { x: 10, y: 20, zoom: 1 };
  const at = { x: 200, y: 100 };
  const next = zoomedAt(view, 2, at);
  expect(next.x + at.x / next.zoom).toBeCloseTo(view.x + at.x);
  expect(next.y + at.y / next.zoom).toBeCloseTo(view.y + at.y);
  expect(zoomedAt(view, 1_000, at).zoom).toBe(2);
});

it('moves with the hand', () => {
  expect(panned({ x: 0, y: 0, zoom: 0.5 }, 10, -20)).toEqual({ x: -20, y: 40, zoom: 0.5 });
});

it('brings a node into the middle, large enough to read', () => {
  const view = centredOn({ x: 0, y: 0, zoom: 0.1 }, box(5_000, 5_000), size);
  expect(view.zoom).toBeGreaterThanOrEqual(0.8);
  expect(isInside(view, box(5_000, 5_000), size)).toBe(true);
});
