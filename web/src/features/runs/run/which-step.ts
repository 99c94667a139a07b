import type { Run, RunStep } from '@/api/types';
import type { StateName } from '@/ui/states';
import { phaseOfStep } from '../run-facts';
import { isOver, stateOf, stateOfStep } from '../status';

function longest(run: Run): RunStep | null {
  let best: RunStep | null = null;
  let bestMs = -1;
  for (const step of run.run_steps) {
    const { from, to } = phaseOfStep(step, run);
    const ms = from === null || to === null ? -1 : to - from;
    if (ms > bestMs) [best, bestMs] = [step, ms];
  }
  return best ?? run.run_steps[0] ?? null;
}

/**
 * The step whose log is shown. The reader's choice; otherwise, while the run goes on, the step that runs,
 * so that the page moves along; then the one that failed or was cut off; else the one in which most time went.
 */
export function whichStep(run: Run, chosen: number | undefined): RunStep | null {
  const steps = run.run_steps;
  const byChoice = steps.find((step) => step.index === chosen);
  if (byChoice !== undefined) return byChoice;
  if (!isOver(run.status)) {
    const running = steps.find((step) => stateOf(step.status) === 'running');
    return running ?? steps.findLast((step) => step.started_at !== null) ?? steps[0] ?? null;
  }
  const ended = (state: StateName) => steps.find((step) => stateOfStep(step) === state);
  return ended('error') ?? ended('cancelled') ?? longest(run);
}
