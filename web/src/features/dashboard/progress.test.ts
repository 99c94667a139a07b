import { describe, expect, it } from 'vitest';
import type { Run, RunNode } from '@/api/types';
import { progressOf } from './progress';

const run = (...statuses: number[]) =>
  ({
    run_steps: statuses.map((status, place) => ({
      index: place + 1,
      name: `Step ${place + 1}`,
      status,
    })),
  }) as Run;
const node = (step: number, status: string, total: number) =>
  ({ step, status, total, index: null }) as RunNode;

describe('progressOf', () => {
  it('counts steps, and nodes of the step under way', () => {
    const progress = progressOf(run(10, 3, 1, 1), [
      node(1, 'success', 9),
      node(2, 'success', 4),
      node(2, 'started', 4),
    ]);
    expect(progress).toEqual({
      step: 2,
      steps: 4,
      stepName: 'Step 2',
      nodesDone: 1,
      nodes: 4,
      part: 1.25 / 4,
    });
  });

  it('is whole at the end and unknown before the first step', () => {
    expect(progressOf(run(10, 10), [node(2, 'success', 1)])?.part).toBe(1);
    expect(progressOf(run(), [])).toBeNull();
  });
});
