import type { Run, RunNode } from '../types';

/** Patches of cached answers by live events. Pure: each returns the same object when nothing changed. */

export interface RunPage {
  runs: Run[];
  totalCount: number | null;
}

export interface RunPages {
  pages: RunPage[];
  pageParams: unknown[];
}

const related = ['job', 'environment', 'trigger'] as const;

/** API v2's times sort as text once brought to one form; microseconds matter here. */
function order(time: string | null | undefined): string {
  return (time ?? '').replace('T', ' ').replace('Z', '+00:00');
}

/**
 * The newer state of one run out of a cached and an arriving one. A response of REST may be older than
 * an event that overtook it; and an event may come without the related objects that REST included.
 */
export function newerRun(cached: Run | undefined, arriving: Run): Run {
  if (cached === undefined || cached.id !== arriving.id) return arriving;
  if (order(cached.updated_at) > order(arriving.updated_at)) return cached;
  const merged: Run = { ...cached, ...arriving };
  for (const key of related) {
    if (merged[key] === null || merged[key] === undefined)
      Object.assign(merged, { [key]: cached[key] });
  }
  if ((arriving.run_steps ?? []).length === 0) merged.run_steps = cached.run_steps ?? [];
  return merged;
}

function replaceInPage(page: RunPage, run: Run): RunPage {
  const at = page.runs.findIndex((candidate) => candidate.id === run.id);
  if (at < 0) return page;
  const runs = page.runs.slice();
  runs[at] = newerRun(runs[at], run);
  return { ...page, runs };
}

/**
 * A list ordered by falling id, after an event about `run`. A run that stops matching the filter stays
 * until the list is read again: rows must not vanish under the hand that is about to click them.
 */
export function patchRunPages(
  pages: RunPages | undefined,
  run: Run,
  matches: (run: Run) => boolean,
): RunPages | undefined {
  const first = pages?.pages[0];
  if (pages === undefined || first === undefined) return pages;
  if (pages.pages.some((page) => page.runs.some((candidate) => candidate.id === run.id))) {
    return { ...pages, pages: pages.pages.map((page) => replaceInPage(page, run)) };
  }
  const newest = first.runs[0];
  if (!matches(run) || (newest !== undefined && run.id < newest.id)) return pages;
  const head: RunPage = {
    runs: [run, ...first.runs],
    totalCount: first.totalCount === null ? null : first.totalCount + 1,
  };
  return { ...pages, pages: [head, ...pages.pages.slice(1)] };
}

function nodeKey(node: RunNode): string {
  return `${node.step} ${node.unique_id}`;
}

/** Applies node events in their order; a late `started` never takes back an outcome. */
export function patchNodes(
  nodes: RunNode[] | undefined,
  events: readonly RunNode[],
): RunNode[] | undefined {
  if (nodes === undefined || events.length === 0) return nodes;
  const places = new Map(nodes.map((node, place) => [nodeKey(node), place]));
  const next = nodes.slice();
  for (const event of events) {
    const place = places.get(nodeKey(event));
    const present = place === undefined ? undefined : next[place];
    if (place === undefined || present === undefined) {
      places.set(nodeKey(event), next.length);
      next.push(event);
    } else if (event.status !== 'started' || present.status === 'started') {
      next[place] = {
        ...event,
        index: event.index ?? present.index,
        total: event.total ?? present.total,
        started_at: event.started_at ?? present.started_at,
      };
    }
  }
  return next;
}
