import type { StateTone } from '../states';
import { stateTone } from '../states';
import type { Box, GraphEdge, GraphNode, Layout } from './types';
import type { Size, Viewport } from './viewport';

/** From this zoom on a label can be read. */
const labelsFrom = 0.5;

export interface Scene {
  nodes: readonly GraphNode[];
  layout: Layout;
  /** All edges as one line, in the graph's own pixels. */
  lines: Path2D;
  /** Those of the selected node. */
  lit: Path2D;
  selected: string | null;
  cursor: string | null;
}

export interface Palette {
  surface: string;
  border: string;
  line: string;
  text: string;
  textDim: string;
  accent: string;
  font: string;
  tones: Record<StateTone, { tint: string; solid: string }>;
}

const tones: readonly StateTone[] = ['grey', 'blue', 'green', 'amber', 'red', 'slate'];

/** The theme's colours, which a canvas cannot take from a style sheet. */
export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const variable = (name: string) => style.getPropertyValue(`--mw-${name}`).trim();
  return {
    surface: variable('surface'),
    border: variable('border-strong'),
    line: variable('border-strong'),
    text: variable('text'),
    textDim: variable('text-dim'),
    accent: variable('accent'),
    font: style.fontFamily,
    tones: Object.fromEntries(
      tones.map((tone) => [
        tone,
        { tint: variable(`${tone}-tint`), solid: variable(`${tone}-solid`) },
      ]),
    ) as Palette['tones'],
  };
}

export function edgePath(edges: readonly GraphEdge[], layout: Layout): Path2D {
  const path = new Path2D();
  for (const { from, to } of edges) {
    const a = layout.get(from);
    const b = layout.get(to);
    if (a === undefined || b === undefined) continue;
    const [x1, y1, x2, y2] = [a.x + a.width, a.y + a.height / 2, b.x, b.y + b.height / 2];
    const bend = Math.max(24, Math.abs(x2 - x1) / 2);
    path.moveTo(x1, y1);
    path.bezierCurveTo(x1 + bend, y1, x2 - bend, y2, x2, y2);
  }
  return path;
}

function toneOf(node: GraphNode): StateTone | undefined {
  return node.tone ?? (node.state && stateTone[node.state]);
}

function cut(context: CanvasRenderingContext2D, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text;
  let length = Math.max(1, Math.floor((text.length * width) / context.measureText(text).width));
  while (length > 1 && context.measureText(`${text.slice(0, length)}…`).width > width) length--;
  return `${text.slice(0, length)}…`;
}

function drawLabel(context: CanvasRenderingContext2D, node: GraphNode, box: Box, colours: Palette) {
  context.fillStyle = colours.text;
  context.font = `500 12px ${colours.font}`;
  const two = node.kind !== undefined && node.kind !== '';
  const middle = box.y + box.height / 2;
  context.fillText(cut(context, node.label, box.width - 24), box.x + 14, middle + (two ? -3 : 4));
  if (!two) return;
  context.fillStyle = colours.textDim;
  context.font = `400 12px ${colours.font}`;
  context.fillText(cut(context, node.kind ?? '', box.width - 24), box.x + 14, middle + 13);
}

function drawNode(
  context: CanvasRenderingContext2D,
  { scene, view, colours }: { scene: Scene; view: Viewport; colours: Palette },
  node: GraphNode,
  box: Box,
): void {
  const tone = toneOf(node);
  const chosen = node.id === scene.selected;
  const far = view.zoom < 0.25;
  context.globalAlpha = node.dim && !chosen ? 0.35 : 1;
  const fill = tone === undefined ? colours.surface : colours.tones[tone].tint;
  context.fillStyle = far && tone !== undefined ? colours.tones[tone].solid : fill;
  context.strokeStyle = tone === undefined ? colours.border : colours.tones[tone].solid;
  context.lineWidth = Math.min(4, 1 / view.zoom);
  context.beginPath();
  if (far) context.rect(box.x, box.y, box.width, box.height);
  else context.roundRect(box.x, box.y, box.width, box.height, 6);
  context.fill();
  context.stroke();
  if (chosen || node.id === scene.cursor) {
    context.strokeStyle = colours.accent;
    context.lineWidth = 3 / view.zoom;
    context.strokeRect(
      box.x - 2 / view.zoom,
      box.y - 2 / view.zoom,
      box.width + 4 / view.zoom,
      box.height + 4 / view.zoom,
    );
  }
  if (view.zoom >= labelsFrom) drawLabel(context, node, box, colours);
  context.globalAlpha = 1;
}

/** Draws what is in view. */
export function draw(
  context: CanvasRenderingContext2D,
  scene: Scene,
  view: Viewport,
  size: Size,
  colours: Palette,
  density: number,
): void {
  context.setTransform(density, 0, 0, density, 0, 0);
  context.clearRect(0, 0, size.width, size.height);
  context.scale(view.zoom, view.zoom);
  context.translate(-view.x, -view.y);
  context.globalAlpha = view.zoom < 0.25 ? 0.35 : 0.6;
  context.strokeStyle = colours.line;
  context.lineWidth = 1 / view.zoom;
  context.stroke(scene.lines);
  context.globalAlpha = 1;
  context.strokeStyle = colours.accent;
  context.lineWidth = 2 / view.zoom;
  context.stroke(scene.lit);
  const [right, bottom] = [view.x + size.width / view.zoom, view.y + size.height / view.zoom];
  for (const node of scene.nodes) {
    const box = scene.layout.get(node.id);
    if (box === undefined || box.x > right || box.y > bottom) continue;
    if (box.x + box.width < view.x || box.y + box.height < view.y) continue;
    drawNode(context, { scene, view, colours }, node, box);
  }
}
