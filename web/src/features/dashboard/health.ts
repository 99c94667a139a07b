import type { JobTotals } from './dashboard-api';

/** What a project's runs of the last days came to. */

export interface Day {
  /** `2026-03-01`, in UTC. */
  date: string;
  /** The day after. */
  next: string;
  over: boolean;
}

export interface DayHealth {
  date: string;
  runs: number;
  failed: number;
}

export interface SlowJob {
  job: number;
  name: string;
  /** On average. */
  seconds: number;
}

export interface Health {
  days: DayHealth[];
  runs: number;
  failed: number;
  /** 0 to 1; null without runs. */
  rate: number | null;
  slowest: SlowJob | null;
}

const dayMs = 24 * 60 * 60 * 1_000;
const dateOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);

/** The days up to today, the oldest first. */
export function lastDays(nowMs: number, count: number): Day[] {
  const today = Math.floor(nowMs / dayMs) * dayMs;
  return Array.from({ length: count }, (_, place) => {
    const start = today - (count - 1 - place) * dayMs;
    return { date: dateOf(start), next: dateOf(start + dayMs), over: start < today };
  });
}

interface JobSum {
  name: string;
  runs: number;
  seconds: number;
}

function slowestOf(jobs: ReadonlyMap<number, JobSum>): SlowJob | null {
  let slowest: SlowJob | null = null;
  for (const [job, { name, runs, seconds }] of jobs) {
    const average = runs === 0 ? 0 : seconds / runs;
    if (average > (slowest?.seconds ?? 0)) slowest = { job, name, seconds: average };
  }
  return slowest;
}

/** `totals` stands beside `days`: what the jobs of all projects came to on each. */
export function healthOf(
  project: number,
  days: readonly Day[],
  totals: readonly (readonly JobTotals[])[],
): Health {
  const jobs = new Map<number, JobSum>();
  const shown = days.map(({ date }, place) => {
    const day = { date, runs: 0, failed: 0 };
    for (const job of totals[place] ?? []) {
      if (job.project_id !== project) continue;
      day.runs += job.runs;
      day.failed += job.failed_runs;
      const sum = jobs.get(job.job_id) ?? { name: job.name, runs: 0, seconds: 0 };
      sum.runs += job.runs;
      sum.seconds += job.run_seconds;
      jobs.set(job.job_id, sum);
    }
    return day;
  });
  const runs = shown.reduce((sum, day) => sum + day.runs, 0);
  const failed = shown.reduce((sum, day) => sum + day.failed, 0);
  const rate = runs === 0 ? null : (runs - failed) / runs;
  return { days: shown, runs, failed, rate, slowest: slowestOf(jobs) };
}

/** Whole percent, but never 100 % with a failure among them, nor 0 % with a success. */
export function percentOf(rate: number): string {
  const whole = Math.round(rate * 100);
  if (whole === 100 && rate < 1) return '99 %';
  return whole === 0 && rate > 0 ? '1 %' : `${whole} %`;
}
