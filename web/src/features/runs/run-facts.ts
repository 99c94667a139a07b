import type { Run, RunStep } from '@/api/types';
import { parseTimestamp } from '@/ui/time';
import { isOver } from './status';

/** A stretch of time; no end means that it still runs, no beginning that it never began. */
export interface Phase {
  from: number | null;
  to: number | null;
}

export interface Phases {
  /** From the trigger until a slot was free. */
  queued: Phase;
  /** From there until the run itself began. */
  prepared: Phase;
  ran: Phase;
}

export function phasesOf(run: Run): Phases {
  const created = parseTimestamp(run.created_at);
  const dequeued = parseTimestamp(run.dequeued_at);
  const started = parseTimestamp(run.started_at);
  // A run that ended without a time of its end must not look as if it still ran.
  const ended =
    parseTimestamp(run.finished_at) ?? (isOver(run.status) ? (started ?? created) : null);
  return {
    queued: { from: created, to: dequeued ?? started ?? ended },
    prepared: { from: dequeued, to: started ?? ended },
    ran: { from: started, to: ended },
  };
}

export function phaseOfStep(step: RunStep, run: Run): Phase {
  const from = parseTimestamp(step.started_at);
  const to = parseTimestamp(step.finished_at);
  if (to !== null || from === null) return { from, to };
  return {
    from,
    to:
      isOver(step.status) || isOver(run.status) ? (parseTimestamp(run.finished_at) ?? from) : null,
  };
}

export function shortSha(sha: string): string {
  return sha.slice(0, 7);
}

const retryReasons: Record<string, string> = {
  RETRY_UNSUPPORTED_CMD: 'The failed command cannot be retried; rerun the job instead',
  RETRY_UNSUPPORTED_VERSION: 'This dbt version cannot retry; rerun the job instead',
  RETRY_NOT_LATEST_RUN: 'Only the latest run of a job can be retried',
  RETRY_NOT_FAILED_RUN: 'Only a failed run can be retried',
  RETRY_NO_RUN_RESULTS:
    'The run failed before dbt left results to retry from; rerun the job instead',
};

/** Why retrying is not possible, in words. */
export function retryRefusal(run: Run): string {
  return retryReasons[run.retry_not_supported_reason ?? ''] ?? 'This run cannot be retried';
}
