import type { Run } from '@/api/types';
import { phasesOf } from '@/features/runs/run-facts';
import { stateOf } from '@/features/runs/status';
import type { StateName } from '@/ui/states';

export interface RunBar {
  run: Run;
  state: StateName;
  /** How long it ran; null when it did not begin or is not over. */
  ms: number | null;
  /** Of the longest one's height, from 0 to 1. */
  share: number;
}

/** The latest runs, the oldest first, each as high as it was long. */
export function barsOf(runs: readonly Run[], most: number): RunBar[] {
  const shown = runs.slice(0, most).reverse();
  const lengths = shown.map((run) => {
    const { from, to } = phasesOf(run).ran;
    return from === null || to === null ? null : to - from;
  });
  const longest = Math.max(1, ...lengths.map((ms) => ms ?? 0));
  return shown.map((run, place) => {
    const ms = lengths[place] ?? null;
    return { run, state: stateOf(run.status), ms, share: (ms ?? 0) / longest };
  });
}
