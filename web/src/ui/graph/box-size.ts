import type { GraphNode } from './types';

export const boxHeight = 44;
const narrowest = 96;
const widest = 260;
/** Room for the icon and the padding, and an average letter of the label's size. */
const besides = 44;
const letter = 6.9;

export function boxWidth({ label }: Pick<GraphNode, 'label'>): number {
  return Math.round(Math.min(widest, Math.max(narrowest, besides + label.length * letter)));
}
