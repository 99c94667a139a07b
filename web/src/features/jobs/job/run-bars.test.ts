import { expect, it } from 'vitest';
import type { Run } from '@/api/types';
import { aRun } from '@/features/runs/test-data';
import { barsOf } from './run-bars';

const ran = (id: number, seconds: number | null, status: Run['status']): Run =>
  aRun({
    id,
    status,
    started_at: seconds === null ? null : '2026-01-01 00:00:00+00:00',
    finished_at:
      seconds === null ? null : `2026-01-01 00:00:${String(seconds).padStart(2, '0')}+00:00`,
  });

it('are the latest, oldest first, measured by the longest', () => {
  const bars = barsOf([ran(4, null, 1), ran(3, 20, 20), ran(2, 40, 10), ran(1, 59, 10)], 3);
  expect(bars.map(({ run, state, ms, share }) => [run.id, state, ms, share])).toEqual([
    [2, 'success', 40_000, 1],
    [3, 'error', 20_000, 0.5],
    [4, 'queued', null, 0],
  ]);
});
