import { describe, expect, it } from 'vitest';
import type { Run } from '@/api/types';
import type { JobState } from './dashboard-api';
import { lateOf } from './late';

const now = Date.UTC(2026, 2, 1, 12);
const at = (minutesAgo: number) => new Date(now - minutesAgo * 60_000).toISOString();
const job = (id: number, next_run: string | null) => ({ id, next_run }) as JobState;
const run = (id: number, status: number, created_at: string) => ({ id, status, created_at }) as Run;

describe('lateOf', () => {
  it('names jobs whose time has passed and runs that wait long, the latest first', () => {
    const late = lateOf([job(1, at(3)), job(2, at(-60))], [run(7, 1, at(20))], now);
    expect(late.map((one) => (one.kind === 'queue' ? one.run.id : one.job.id))).toEqual([7, 1]);
  });

  it('leaves out what is only just due, what has no schedule, and what runs', () => {
    expect(
      lateOf([job(1, at(0.5)), job(2, null)], [run(7, 1, at(2)), run(8, 3, at(60))], now),
    ).toEqual([]);
  });
});
