import type { StateName, StateTone } from '../states';

export interface GraphNode {
  id: string;
  label: string;
  /** What sort of thing it is, shown below its label: “model”, “source”. */
  kind?: string | undefined;
  /** Colours the node; where there is a state, its colour is taken by default. */
  tone?: StateTone | undefined;
  state?: StateName | undefined;
  /** Steps back, so that others stand out. */
  dim?: boolean | undefined;
}

/** `to` is downstream of `from`. */
export interface GraphEdge {
  from: string;
  to: string;
}

/** Where a node stands, in the graph's own pixels. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export type Layout = ReadonlyMap<string, Box>;

/** What a drawing of a graph can be told to do. */
export interface GraphHandle {
  zoomBy(factor: number): void;
  fit(): void;
  /** Brings a node into the middle and gives it the keyboard's focus. */
  goTo(id: string): void;
}

export interface DrawingProps {
  nodes: readonly GraphNode[];
  edges: readonly GraphEdge[];
  layout: Layout;
  selected: string | null;
  onSelect: (id: string) => void;
  label: string;
}
