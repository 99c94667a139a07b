import type { Run, RunNode, RunStep } from '@/api/types';

/** Objects for the tests of this feature: valid and boring unless the test says otherwise. */

export function aRun(change: Partial<Run>): Run {
  return {
    id: 1,
    account_id: 1,
    project_id: 3,
    environment_id: 11,
    job_definition_id: 101,
    status: 3,
    git_branch: 'main',
    git_sha: null,
    created_at: '2026-03-01 10:00:00.000000+00:00',
    dequeued_at: null,
    started_at: null,
    finished_at: null,
    job: { id: 101, name: 'Nightly build' },
    environment: { id: 11, name: 'Production' },
    trigger: { cause: 'Scheduled', cause_category: 'scheduled' },
    run_steps: [],
    ...change,
  };
}

export function aStep(change: Partial<RunStep>): RunStep {
  return {
    index: 1,
    name: 'Clone git repository',
    status: 10,
    started_at: null,
    finished_at: null,
    ...change,
  };
}

export function aNode(change: Partial<RunNode>): RunNode {
  return {
    step: 4,
    unique_id: 'model.shop.orders',
    name: 'orders',
    resource_type: 'model',
    status: 'success',
    index: 1,
    total: 10,
    execution_time: 0.12,
    started_at: '2026-03-01T10:00:05Z',
    finished_at: '2026-03-01T10:00:06Z',
    message: null,
    ...change,
  };
}
