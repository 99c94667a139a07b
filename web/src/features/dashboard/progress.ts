import type { Run, RunNode } from '@/api/types';

export interface Progress {
  /** 1-based place of the step under way, among how many. */
  step: number;
  steps: number;
  stepName: string;
  nodesDone: number;
  nodes: number;
  /** 0 to 1: steps that are over, and the share of the nodes of the one under way. */
  part: number;
}

/** How far a run is; null before it has steps. */
export function progressOf(run: Run, nodes: readonly RunNode[]): Progress | null {
  const steps = run.run_steps ?? [];
  if (steps.length === 0) return null;
  const done = steps.filter(({ status }) => status >= 10).length;
  const current = steps.find(({ status }) => status < 10) ?? steps.at(-1);
  const own = nodes.filter(({ step }) => step === current?.index);
  const all = own.reduce((most, { total, index }) => Math.max(most, total ?? 0, index ?? 0), 0);
  const nodesDone = own.filter(({ status }) => status !== 'started').length;
  const share = all === 0 || done === steps.length ? 0 : Math.min(1, nodesDone / all);
  return {
    step: Math.min(done + 1, steps.length),
    steps: steps.length,
    stepName: current?.name ?? '',
    nodesDone,
    nodes: all,
    part: Math.min(1, (done + share) / steps.length),
  };
}
