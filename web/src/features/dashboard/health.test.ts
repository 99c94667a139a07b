import { describe, expect, it } from 'vitest';
import { healthOf, lastDays, percentOf } from './health';

const totals = (job_id: number, project_id: number, runs: number, failed_runs: number) => ({
  job_id,
  name: `Job ${job_id}`,
  project_id,
  runs,
  failed_runs,
  run_seconds: runs * job_id * 10,
});

describe('lastDays', () => {
  it('ends with today, which is not over', () => {
    const days = lastDays(Date.UTC(2026, 2, 1, 12), 3);
    expect(days.map(({ date }) => date)).toEqual(['2026-02-27', '2026-02-28', '2026-03-01']);
    expect(days.map(({ over }) => over)).toEqual([true, true, false]);
    expect(days[1]?.next).toBe('2026-03-01');
  });
});

describe('healthOf', () => {
  const days = lastDays(Date.UTC(2026, 2, 1, 12), 2);

  it('adds up one project by days, and finds its slowest job', () => {
    const health = healthOf(1, days, [
      [totals(1, 1, 3, 1), totals(9, 2, 50, 50)],
      [totals(1, 1, 1, 0), totals(2, 1, 4, 0)],
    ]);
    expect(health.days.map(({ runs, failed }) => [runs, failed])).toEqual([
      [3, 1],
      [5, 0],
    ]);
    expect(health.rate).toBe(7 / 8);
    expect(health.slowest).toEqual({ job: 2, name: 'Job 2', seconds: 20 });
  });

  it('has no rate and no slowest job without runs', () => {
    expect(healthOf(1, days, [[], []])).toMatchObject({ runs: 0, rate: null, slowest: null });
  });

  it('passes over a job whose runs are gone but whose nodes are known', () => {
    expect(healthOf(1, days, [[totals(1, 1, 0, 0)], []]).slowest).toBeNull();
  });
});

describe('percentOf', () => {
  it('does not round a failure away', () => {
    expect(percentOf(1)).toBe('100 %');
    expect(percentOf(0.999)).toBe('99 %');
    expect(percentOf(0.001)).toBe('1 %');
    expect(percentOf(0)).toBe('0 %');
    expect(percentOf(0.875)).toBe('88 %');
  });
});
