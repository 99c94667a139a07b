import { useSyncExternalStore } from 'react';
import { serverNow } from '@/api/clock';

/**
 * One ticking clock for the whole page: every age and running duration changes in the same frame, and
 * nothing ticks while nobody shows a time. Values are rounded down to the second.
 */
let value = Math.floor(serverNow() / 1_000) * 1_000;
let timer: ReturnType<typeof setInterval> | null = null;
const listeners = new Set<() => void>();

function tick(): void {
  value = Math.floor(serverNow() / 1_000) * 1_000;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === null) {
    timer = setInterval(tick, 1_000);
    value = Math.floor(serverNow() / 1_000) * 1_000;
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0 || timer === null) return;
    clearInterval(timer);
    timer = null;
  };
}

const never = () => () => {};

/** The server's time in milliseconds, renewed each second while `ticking`. */
export function useNow(ticking = true): number {
  return useSyncExternalStore(ticking ? subscribe : never, () => value);
}

/**
 * The same with a coarser step, so that a long list of ages does not render each second: the result
 * changes only when it passes a multiple of `stepMs`.
 */
export function useCoarseNow(stepMs: number): number {
  return useSyncExternalStore(subscribe, () => Math.floor(value / stepMs) * stepMs);
}
