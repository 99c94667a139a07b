import type { RunNode } from '@/api/types';
import type { StateName } from '@/ui/states';
import { parseTimestamp } from '@/ui/time';
import { stateOfNode } from '../../status';

/** The stretch of time in which a node was worked on; milliseconds since the epoch. */
export interface Bar {
  id: string;
  name: string;
  type: string;
  state: StateName;
  word: string;
  from: number;
  to: number;
  /** Which of the threads, as far as that can be told from what overlaps. */
  lane: number;
}

/** Clocks of different threads may disagree by this much. */
const tolerance = 2;

function barOf(node: RunNode, now: number): Bar | null {
  const from = parseTimestamp(node.started_at);
  const { state, word } = stateOfNode(node.status);
  // What was skipped took no thread.
  if (from === null || state === 'skipped') return null;
  const took = node.execution_time === null ? null : from + node.execution_time * 1_000;
  const to = parseTimestamp(node.finished_at) ?? took ?? (state === 'running' ? now : from);
  return {
    id: node.unique_id,
    name: node.name,
    type: node.resource_type,
    state,
    word,
    from,
    to: Math.max(from, to),
    lane: 0,
  };
}

/**
 * Bars in the order of their beginnings, each in the first lane that is free by then: as dbt's threads take
 * the next node as soon as they have done with one.
 */
export function barsOf(nodes: readonly RunNode[], now: number): Bar[] {
  const bars = nodes
    .map((node) => barOf(node, now))
    .filter((bar) => bar !== null)
    .sort((a, b) => a.from - b.from || a.to - b.to);
  const ends: number[] = [];
  for (const bar of bars) {
    let lane = ends.findIndex((end) => end <= bar.from + tolerance);
    if (lane < 0) lane = ends.length;
    ends[lane] = bar.to;
    bar.lane = lane;
  }
  return bars;
}

/** What each node waits for, by id. */
export type Upstream = ReadonlyMap<string, readonly string[]>;

/** What has no bar of its own (an ephemeral model, a source) stands for what is upstream of it. */
function waitedFor(id: string, upstream: Upstream, bars: ReadonlyMap<string, Bar>): Set<string> {
  const found = new Set<string>();
  const seen = new Set([id]);
  const open = [...(upstream.get(id) ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    if (bars.has(next)) found.add(next);
    else open.push(...(upstream.get(next) ?? []));
  }
  return found;
}

/**
 * The chain that decided when the run ended: from the last finish back, each time, to what the node waited
 * for longest. `dbt build` also waits for the tests of what is upstream, so these count if they had ended.
 */
export function criticalPath(bars: readonly Bar[], upstream: Upstream): string[] {
  const byId = new Map(bars.map((bar) => [bar.id, bar]));
  const testsOf = new Map<string, string[]>();
  for (const bar of bars) {
    if (bar.type !== 'test' && bar.type !== 'unit_test') continue;
    for (const tested of waitedFor(bar.id, upstream, byId)) {
      testsOf.set(tested, [...(testsOf.get(tested) ?? []), bar.id]);
    }
  }
  const path: string[] = [];
  let at = bars.reduce<Bar | undefined>(
    (last, bar) => (last === undefined || bar.to > last.to ? bar : last),
    undefined,
  );
  while (at !== undefined && !path.includes(at.id)) {
    path.unshift(at.id);
    const parents = [...waitedFor(at.id, upstream, byId)];
    const isTest = at.type === 'test' || at.type === 'unit_test';
    const before = isTest ? parents : parents.flatMap((id) => [id, ...(testsOf.get(id) ?? [])]);
    const start: number = at.from;
    at = before
      .map((id) => byId.get(id))
      .filter((bar) => bar !== undefined && bar.to <= start + tolerance)
      .reduce<Bar | undefined>(
        (last, bar) => (last === undefined || (bar && bar.to > last.to) ? bar : last),
        undefined,
      );
  }
  return path;
}

export interface Span {
  from: number;
  to: number;
}

export function spanOf(bars: readonly Bar[]): Span {
  let [from, to] = [Infinity, -Infinity];
  for (const bar of bars) {
    from = Math.min(from, bar.from);
    to = Math.max(to, bar.to);
  }
  return from === Infinity ? { from: 0, to: 1 } : { from, to: Math.max(to, from + 1) };
}

const steps = [1, 2, 5, 10, 20, 50, 100, 200, 500].concat(
  [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 43_200, 86_400].map(
    (second) => second * 1_000,
  ),
);

/** Distances from the beginning, in milliseconds, about `wanted` of them and at round values. */
export function ticksOf({ from, to }: Span, wanted: number): number[] {
  const length = to - from;
  const step = steps.find((each) => length / each <= wanted) ?? 7 * 86_400_000;
  return Array.from({ length: Math.floor(length / step) + 1 }, (_, place) => place * step);
}

/** `0`, `200ms`, `5s`, `1m 20s`: a distance on the axis. */
export function tickWord(ms: number): string {
  if (ms === 0) return '0';
  if (ms % 1_000 !== 0) return ms < 1_000 ? `${ms}ms` : `${(ms / 1_000).toFixed(1)}s`;
  const all = ms / 1_000;
  const [hours, minutes, seconds] = [Math.floor(all / 3_600), Math.floor(all / 60) % 60, all % 60];
  const parts = [
    hours > 0 && `${hours}h`,
    minutes > 0 && `${minutes}m`,
    seconds > 0 && `${seconds}s`,
  ];
  return parts.filter(Boolean).join(' ');
}
