import { expect, it } from 'vitest';
import { aNode, aRun, aStep } from '../test-data';
import { barOf, tickPath } from './bar-model';

const steps = [
  aStep({ index: 1 }),
  aStep({ index: 4, name: 'dbt build', status: 3, started_at: '2026-03-01T10:00:00Z' }),
  aStep({ index: 5, name: 'dbt docs generate', status: 1 }),
];

it('places each node by its index and leaves room for those to come', () => {
  const [clone, build, docs] = barOf(aRun({ run_steps: steps }), [
    aNode({ index: 1, status: 'success' }),
    aNode({ index: 3, status: 'started', unique_id: 'b' }),
    aNode({ index: 2, status: 'error', unique_id: 'c' }),
    aNode({ index: 4, status: 'pass', unique_id: 'd' }),
  ]);
  expect(clone).toMatchObject({ total: 0, state: 'success' });
  expect(build).toMatchObject({ total: 10, state: 'running', done: 3 });
  expect(Object.fromEntries(build?.ticks ?? [])).toEqual({
    success: [0, 3],
    running: [2],
    error: [1],
  });
  expect(docs?.state).toBe('queued');
});

it('gives nodes without an index a place of their own', () => {
  const nodes = [
    aNode({ index: 2, total: null }),
    aNode({ index: null, total: null, unique_id: 'b' }),
    aNode({ index: null, total: null, unique_id: 'c', status: 'skipped' }),
  ];
  const build = barOf(aRun({ run_steps: steps }), nodes)[1];
  expect(Object.fromEntries(build?.ticks ?? [])).toEqual({ success: [1, 2], skipped: [3] });
  expect(build?.total).toBe(4);
});

it('gives a step with nodes more room, within bounds', () => {
  const many = Array.from({ length: 3 }, (_, i) =>
    aNode({ index: i + 1, total: 5_000, unique_id: `${i}` }),
  );
  const [clone, build] = barOf(aRun({ run_steps: steps }), many);
  expect(build?.weight).toBe(12);
  expect(clone?.weight).toBe(1);
});

it('draws gaps while there is room', () => {
  expect(tickPath([0, 2], 3)).toBe('M0 0h0.99v1h-0.99zM2 0h0.99v1h-0.99z');
  expect(tickPath([5], 100)).toBe('M5 0h0.78v1h-0.78z');
  expect(tickPath([7], 900)).toBe('M7 0h1v1h-1z');
});
