import { describe, expect, it } from 'vitest';
import { aNode, aRun, aStep } from '../test-data';
import { firstFailure } from './first-failure';

const steps = [aStep({ index: 3 }), aStep({ index: 4, name: 'dbt build', status: 20 })];

describe('firstFailure', () => {
  it('is the node that failed first, and counts the others', () => {
    const nodes = [
      aNode({ unique_id: 'late', status: 'error', finished_at: '2026-03-01T10:00:09Z' }),
      aNode({ unique_id: 'early', status: 'fail', finished_at: '2026-03-01T10:00:07Z' }),
      aNode({ unique_id: 'fine', finished_at: '2026-03-01T10:00:01Z' }),
      aNode({ unique_id: 'skipped', status: 'skipped', finished_at: null }),
    ];
    const failure = firstFailure(aRun({ status: 20, run_steps: steps }), nodes);
    expect(failure).toMatchObject({ kind: 'node', node: { unique_id: 'early' }, others: 1 });
  });

  it('shows while the run still runs', () => {
    const failure = firstFailure(aRun({ status: 3, run_steps: steps }), [
      aNode({ status: 'error' }),
    ]);
    expect(failure).toMatchObject({ kind: 'node', others: 0 });
  });

  it('prefers an earlier step', () => {
    const nodes = [
      aNode({ unique_id: 'b', step: 5, status: 'error', finished_at: '2026-03-01T09:00:00Z' }),
      aNode({ unique_id: 'a', step: 4, status: 'error' }),
    ];
    expect(firstFailure(aRun({ status: 20 }), nodes)).toMatchObject({ node: { unique_id: 'a' } });
  });

  it('is the step where no node failed', () => {
    const run = aRun({ status: 20, status_message: ' Compilation Error ', run_steps: steps });
    expect(firstFailure(run, [aNode({})])).toEqual({
      kind: 'step',
      step: steps[1],
      message: 'Compilation Error',
    });
  });

  it('has no step to name when the run failed before its first', () => {
    expect(firstFailure(aRun({ status: 20 }), [])).toEqual({
      kind: 'step',
      step: null,
      message: '',
    });
  });

  it.each([1, 3, 10, 30] as const)('is nothing for status %i without a failed node', (status) => {
    expect(firstFailure(aRun({ status, run_steps: steps }), [aNode({})])).toBeNull();
  });

  it('leaves a successful run alone, whatever its nodes say', () => {
    expect(firstFailure(aRun({ status: 10 }), [aNode({ status: 'fail' })])).toBeNull();
  });
});
