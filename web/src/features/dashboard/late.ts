import type { Run } from '@/api/types';
import { parseTimestamp } from '@/ui/time';
import type { JobState } from './dashboard-api';

/** The scheduler looks several times a minute: up to here a start is not late. */
const scheduleGraceMs = 60_000;
const longWaitMs = 5 * 60_000;

export type Late =
  | { kind: 'schedule'; job: JobState; sinceMs: number }
  | { kind: 'queue'; run: Run; sinceMs: number };

/** Jobs whose time has passed, and runs that wait long for a slot; what is latest comes first. */
export function lateOf(jobs: readonly JobState[], runs: readonly Run[], nowMs: number): Late[] {
  const late: Late[] = [];
  for (const job of jobs) {
    const due = parseTimestamp(job.next_run);
    if (due !== null && nowMs - due > scheduleGraceMs) {
      late.push({ kind: 'schedule', job, sinceMs: due });
    }
  }
  for (const run of runs) {
    const since = parseTimestamp(run.created_at);
    if (run.status === 1 && since !== null && nowMs - since > longWaitMs) {
      late.push({ kind: 'queue', run, sinceMs: since });
    }
  }
  return late.sort((a, b) => a.sinceMs - b.sinceMs);
}
