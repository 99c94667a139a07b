import { describe, expect, it } from 'vitest';
import type { StatusCode } from '@/api/types';
import { settledNodes, sinceWhen, stateOf, stateOfNode, stateOfStep } from './status';
import { aNode, aRun, aStep } from './test-data';

describe('states', () => {
  it.each([
    [1, 'queued'],
    [2, 'starting'],
    [3, 'running'],
    [10, 'success'],
    [20, 'error'],
    [30, 'cancelled'],
  ] as const)('status %i is %s', (code, state) => {
    expect(stateOf(code)).toBe(state);
  });

  it('does not invent an outcome for a code from the future', () => {
    expect(stateOf(99 as StatusCode)).toBe('queued');
    expect(stateOfNode('reticulated')).toEqual({ state: 'queued', word: 'reticulated' });
  });

  it('tells a step that was cancelled from one that never began', () => {
    expect(stateOfStep(aStep({ status: 30 }))).toBe('skipped');
    expect(stateOfStep(aStep({ status: 30, started_at: '2026-03-01T10:00:00Z' }))).toBe(
      'cancelled',
    );
  });

  it.each([
    ['pass', 'success'],
    ['fail', 'error'],
    ['Runtime Error', 'error'],
    ['warn', 'warning'],
    ['skipped', 'skipped'],
    ['started', 'running'],
  ])('node status %s is %s', (status, state) => {
    expect(stateOfNode(status).state).toBe(state);
  });
});

describe('settledNodes', () => {
  const nodes = [aNode({ status: 'success' }), aNode({ status: 'started', unique_id: 'b' })];

  it('leaves a run that goes on alone', () => {
    expect(settledNodes(aRun({ status: 3 }), nodes)).toBe(nodes);
  });

  it('lets nothing run on in a run that is over', () => {
    const settled = settledNodes(aRun({ status: 30 }), nodes);
    expect(settled.map(({ status }) => status)).toEqual(['success', 'interrupted']);
  });
});

describe('sinceWhen', () => {
  it('is so long ago, to the minute, or never', () => {
    const now = Date.UTC(2026, 2, 2, 10, 0, 42);
    expect(sinceWhen('24h', now)).toBe('2026-03-01T10:00:00.000Z');
    expect(sinceWhen('for ever', now)).toBeUndefined();
    expect(sinceWhen(null, now)).toBeUndefined();
  });
});
