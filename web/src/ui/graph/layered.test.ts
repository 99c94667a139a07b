import { describe, expect, it } from 'vitest';
import { columnsOf, layered, placeApart } from './layered';

describe('columnsOf', () => {
  it('puts each right of all that it depends on', () => {
    expect(
      columnsOf(4, [
        [0, 1],
        [1, 2],
        [0, 2],
        [2, 3],
      ]),
    ).toEqual([0, 1, 2, 3]);
  });

  it('puts a source next to its first use', () => {
    const [, , , late] = columnsOf(4, [
      [0, 1],
      [1, 2],
      [3, 2],
    ]);
    expect(late).toBe(1);
  });

  it('survives a cycle and an edge to itself', () => {
    const columns = columnsOf(3, [
      [0, 1],
      [1, 0],
      [2, 2],
    ]);
    expect(columns.every((column) => Number.isFinite(column) && column >= 0)).toBe(true);
  });
});

describe('placeApart', () => {
  it('leaves alone what is far enough apart', () => {
    expect(placeApart([0, 100, 300], 50)).toEqual([0, 100, 300]);
  });

  it('spreads what would overlap around its middle', () => {
    expect(placeApart([100, 100, 100], 50)).toEqual([50, 100, 150]);
  });

  it('keeps the distance and the order whatever is wished', () => {
    const wished = [5, 5, 6, 40, 41, 41, 90].map((wish) => wish * 3);
    const places = placeApart(wished, 50);
    for (let place = 1; place < places.length; place++) {
      expect((places[place] ?? 0) - (places[place - 1] ?? 0)).toBeGreaterThanOrEqual(50 - 1e-9);
    }
  });
});

/** A project of that size: each node depends on two before it. */
function project(count: number) {
  let seed = 7;
  const random = () => {
    seed = (seed * 16_807) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  const edges = Array.from({ length: count * 2 }, (): [number, number] => {
    const to = 1 + Math.floor(random() * (count - 1));
    return [Math.max(0, Math.floor(to - 1 - (random() * count) / 4)), to];
  });
  return { widths: Array.from({ length: count }, () => 160), height: 44, edges };
}

describe('layered', () => {
  it('lets no two nodes overlap, and every edge lead to the right', () => {
    const input = project(400);
    const { x, y } = layered(input);
    const places = x.map((left, node) => ({ left, top: y[node] ?? 0 }));
    for (const [node, a] of places.entries()) {
      for (const b of places.slice(node + 1)) {
        const apart = Math.abs(a.left - b.left) >= 160 || Math.abs(a.top - b.top) >= 44;
        expect(apart).toBe(true);
      }
    }
    for (const [from, to] of input.edges) {
      if (from !== to) expect(x[from] ?? 0).toBeLessThan(x[to] ?? 0);
    }
  });

  it('puts nodes without any edge below the others', () => {
    const { y } = layered({ widths: [100, 100, 100], height: 44, edges: [[0, 1]] });
    expect(y[2]).toBeGreaterThan((y[0] ?? 0) + 44);
  });

  it('is quick for thousands', () => {
    const started = performance.now();
    layered(project(3_000));
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  it('lays out nothing', () => {
    expect(layered({ widths: [], height: 44, edges: [] })).toEqual({ x: [], y: [] });
  });
});
