import ElkApi, { type ELK } from 'elkjs/lib/elk-api.js';
import elkWorkerAddress from 'elkjs/lib/elk-worker.min.js?url';
import { boxHeight, boxWidth } from './box-size';
import type { LayeredInput, LayeredOutput } from './layered';
import type { Box, GraphEdge, GraphNode, Layout } from './types';

/** Elk makes the better picture, but takes seconds beyond this. */
const mostForElk = 150;

let elk: ELK | null = null;

function theElk(): ELK {
  // A file of our own origin, because the content security policy allows no blob: worker.
  elk ??= new ElkApi({ workerFactory: () => new Worker(elkWorkerAddress) });
  return elk;
}

const elkOptions = {
  'elk.algorithm': 'layered',
  'elk.direction': 'RIGHT',
  // Fewer sweeps, and no routes, which nobody draws: a third of the time for the same picture.
  'elk.layered.thoroughness': '3',
  'elk.edgeRouting': 'POLYLINE',
  'elk.layered.spacing.nodeNodeBetweenLayers': '72',
  'elk.spacing.nodeNode': '16',
  'elk.spacing.componentComponent': '32',
};

async function byElk(nodes: readonly GraphNode[], edges: readonly GraphEdge[]): Promise<Layout> {
  const placed = await theElk().layout({
    id: 'graph',
    layoutOptions: elkOptions,
    children: nodes.map((node) => ({ id: node.id, width: boxWidth(node), height: boxHeight })),
    edges: edges.map(({ from, to }, place) => ({ id: `${place}`, sources: [from], targets: [to] })),
  });
  return new Map(
    (placed.children ?? []).map(({ id, x = 0, y = 0, width = 0, height = boxHeight }) => [
      id,
      { x, y, width, height },
    ]),
  );
}

function inWorker(input: LayeredInput): Promise<LayeredOutput> {
  const worker = new Worker(new URL('./layered-worker.ts', import.meta.url), { type: 'module' });
  return new Promise<LayeredOutput>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<LayeredOutput>) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(message));
    worker.postMessage(input);
  }).finally(() => worker.terminate());
}

async function byColumns(nodes: readonly GraphNode[], edges: readonly GraphEdge[]) {
  const places = new Map(nodes.map(({ id }, place) => [id, place]));
  const widths = nodes.map(boxWidth);
  const pairs = edges.map(
    ({ from, to }) => [places.get(from) ?? 0, places.get(to) ?? 0] as [number, number],
  );
  const { x, y } = await inWorker({ widths, height: boxHeight, edges: pairs });
  return new Map<string, Box>(
    nodes.map(({ id }, place) => [
      id,
      { x: x[place] ?? 0, y: y[place] ?? 0, width: widths[place] ?? 0, height: boxHeight },
    ]),
  );
}

/** Finds a place for each node, outside of the page's own thread. Edges to unknown nodes must be gone. */
export function layOut(nodes: readonly GraphNode[], edges: readonly GraphEdge[]): Promise<Layout> {
  return nodes.length > mostForElk ? byColumns(nodes, edges) : byElk(nodes, edges);
}
