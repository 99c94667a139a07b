/**
 * A layered layout from left to right for graphs that elk takes too long for: it has no bends and no hidden
 * nodes, only columns, an order within them and places. Everything is by index; a few thousand nodes take
 * a fraction of a second.
 */
export interface LayeredInput {
  widths: readonly number[];
  height: number;
  /** Pairs of indices. */
  edges: readonly (readonly [number, number])[];
}

export interface LayeredOutput {
  x: number[];
  y: number[];
}

const leastGapX = 72;
const mostGapX = 600;
const gapY = 16;
/** Of width to height, which is about a screen's: a graph with high columns has them further apart. */
const wantedRatio = 1.6;
const sweeps = 8;

interface Links {
  up: number[][];
  down: number[][];
}

function linksOf(count: number, edges: LayeredInput['edges']): Links {
  const up: number[][] = Array.from({ length: count }, () => []);
  const down: number[][] = Array.from({ length: count }, () => []);
  for (const [from, to] of edges) {
    if (from === to) continue;
    down[from]?.push(to);
    up[to]?.push(from);
  }
  return { up, down };
}

/** The nodes so that each stands after all that it depends on; what is in a cycle comes last, as it was. */
function topological({ up, down }: Links): number[] {
  const waiting = up.map((list) => list.length);
  const order = waiting.flatMap((count, node) => (count === 0 ? [node] : []));
  for (let place = 0; place < order.length; place++) {
    for (const next of down[order[place] ?? 0] ?? []) {
      waiting[next] = (waiting[next] ?? 0) - 1;
      if (waiting[next] === 0) order.push(next);
    }
  }
  if (order.length < up.length) {
    const known = new Set(order);
    for (let node = 0; node < up.length; node++) if (!known.has(node)) order.push(node);
  }
  return order;
}

/** The column of each node: right of all that it depends on, and sources close to their first use. */
export function columnsOf(count: number, edges: LayeredInput['edges']): number[] {
  const links = linksOf(count, edges);
  const order = topological(links);
  const place = new Map(order.map((node, index) => [node, index]));
  // Only edges that lead onwards in that order count, which is what keeps a cycle from looping.
  const onwards = (from: number, to: number) => (place.get(from) ?? 0) < (place.get(to) ?? 0);
  const column = new Array<number>(count).fill(0);
  for (const node of order) {
    for (const before of links.up[node] ?? []) {
      if (onwards(before, node)) {
        column[node] = Math.max(column[node] ?? 0, (column[before] ?? 0) + 1);
      }
    }
  }
  for (const node of order.toReversed()) {
    const next = (links.down[node] ?? []).filter((after) => onwards(node, after));
    if ((links.up[node]?.length ?? 0) > 0 || next.length === 0) continue;
    column[node] = Math.max(0, Math.min(...next.map((after) => column[after] ?? 0)) - 1);
  }
  return column;
}

/**
 * Places as near as can be to those wished for (least squares), in their order and at least `step` apart:
 * pool adjacent violators.
 */
export function placeApart(wished: readonly number[], step: number): number[] {
  const blocks: { sum: number; size: number }[] = [];
  wished.forEach((wish, place) => {
    let block = { sum: wish - place * step, size: 1 };
    let before = blocks.at(-1);
    while (before !== undefined && before.sum / before.size > block.sum / block.size) {
      block = { sum: before.sum + block.sum, size: before.size + block.size };
      blocks.pop();
      before = blocks.at(-1);
    }
    blocks.push(block);
  });
  const places: number[] = [];
  for (const { sum, size } of blocks) {
    for (let inside = 0; inside < size; inside++) places.push(sum / size + places.length * step);
  }
  return places;
}

function mean(of: readonly number[], y: readonly number[]): number | null {
  if (of.length === 0) return null;
  let sum = 0;
  for (const node of of) sum += y[node] ?? 0;
  return sum / of.length;
}

/** Moves each column's nodes towards their neighbours, first those before, then those behind, then both. */
function settle(columns: number[][], links: Links, y: number[], step: number): void {
  const sides: ((node: number) => readonly number[])[] = [
    (node) => links.up[node] ?? [],
    (node) => links.down[node] ?? [],
    (node) => [...(links.up[node] ?? []), ...(links.down[node] ?? [])],
  ];
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const side = sides[sweep >= sweeps - 2 ? 2 : sweep % 2];
    const inTurn = sweep % 2 === 0 ? columns : columns.toReversed();
    for (const nodes of inTurn) {
      const wishes = nodes
        .map((node) => ({ node, wish: mean(side?.(node) ?? [], y) ?? y[node] ?? 0 }))
        .sort((a, b) => a.wish - b.wish);
      const places = placeApart(
        wishes.map(({ wish }) => wish),
        step,
      );
      wishes.forEach(({ node }, place) => {
        y[node] = places[place] ?? 0;
      });
    }
  }
}

/** Nodes without any edge: a block below the rest, about as wide as it. */
function placeLonely(lonely: number[], input: LayeredInput, right: number, out: LayeredOutput) {
  const top = out.y.length === 0 ? 0 : Math.max(0, ...lowest(lonely, out, input.height));
  const width = Math.max(right, Math.sqrt(lonely.length) * 260);
  let x = 0;
  let y = top;
  for (const node of lonely) {
    const own = input.widths[node] ?? 0;
    if (x > 0 && x + own > width) {
      x = 0;
      y += input.height + gapY;
    }
    out.x[node] = x;
    out.y[node] = y;
    x += own + gapY;
  }
}

function lowest(lonely: number[], out: LayeredOutput, height: number): number[] {
  const skip = new Set(lonely);
  let bottom = -Infinity;
  for (let node = 0; node < out.y.length; node++) {
    if (!skip.has(node)) bottom = Math.max(bottom, out.y[node] ?? 0);
  }
  return bottom === -Infinity ? [] : [bottom + height + 3 * gapY];
}

function gapBetween(columns: number[][], { widths, height }: LayeredInput, y: number[]): number {
  let [top, bottom, wide] = [Infinity, -Infinity, 0];
  for (const nodes of columns) {
    for (const node of nodes) {
      top = Math.min(top, y[node] ?? 0);
      bottom = Math.max(bottom, (y[node] ?? 0) + height);
    }
    wide += Math.max(...nodes.map((node) => widths[node] ?? 0));
  }
  const gap = (wantedRatio * (bottom - top) - wide) / Math.max(1, columns.length - 1);
  return Math.min(mostGapX, Math.max(leastGapX, gap));
}

export function layered(input: LayeredInput): LayeredOutput {
  const count = input.widths.length;
  const links = linksOf(count, input.edges);
  const column = columnsOf(count, input.edges);
  const columns: number[][] = [];
  const lonely: number[] = [];
  for (let node = 0; node < count; node++) {
    if (links.up[node]?.length === 0 && links.down[node]?.length === 0) lonely.push(node);
    else {
      const at = column[node] ?? 0;
      columns[at] ??= [];
      columns[at].push(node);
    }
  }
  const filled = columns.filter((nodes) => nodes !== undefined);
  const step = input.height + gapY;
  const y = new Array<number>(count).fill(0);
  for (const nodes of filled) {
    nodes.forEach((node, place) => {
      y[node] = (place - nodes.length / 2) * step;
    });
  }
  settle(filled, links, y, step);
  const x = new Array<number>(count).fill(0);
  const gapX = gapBetween(filled, input, y);
  let left = 0;
  for (const nodes of filled) {
    let widest = 0;
    for (const node of nodes) {
      x[node] = left;
      widest = Math.max(widest, input.widths[node] ?? 0);
    }
    left += widest + gapX;
  }
  const out = { x, y };
  placeLonely(lonely, input, left - gapX, out);
  return out;
}
