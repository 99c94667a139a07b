import { describe, expect, it } from 'vitest';
import { aRun, aStep } from '../test-data';
import { whichStep } from './which-step';

const done = (index: number, from: number, to: number) =>
  aStep({
    index,
    status: 10,
    started_at: `2026-03-01T10:00:${String(from).padStart(2, '0')}Z`,
    finished_at: `2026-03-01T10:00:${String(to).padStart(2, '0')}Z`,
  });

describe('whichStep', () => {
  const steps = [done(1, 0, 2), done(2, 2, 30), done(3, 30, 33)];

  it('is the chosen one', () => {
    expect(whichStep(aRun({ status: 10, run_steps: steps }), 3)?.index).toBe(3);
  });

  it('ignores a choice that the run does not have', () => {
    expect(whichStep(aRun({ status: 10, run_steps: steps }), 9)?.index).toBe(2);
  });

  it('is the running one while the run goes on', () => {
    const running = [
      done(1, 0, 2),
      aStep({ index: 2, status: 3, started_at: '2026-03-01T10:00:02Z' }),
      aStep({ index: 3, status: 1 }),
    ];
    expect(whichStep(aRun({ status: 3, run_steps: running }), undefined)?.index).toBe(2);
  });

  it('stays at the last one that ran between two steps', () => {
    const between = [done(1, 0, 2), done(2, 2, 4), aStep({ index: 3, status: 1 })];
    expect(whichStep(aRun({ status: 3, run_steps: between }), undefined)?.index).toBe(2);
  });

  it('is the failed one of a failed run', () => {
    const failed = [
      done(1, 0, 30),
      { ...done(2, 30, 31), status: 20 as const },
      aStep({ index: 3, status: 30 }),
    ];
    expect(whichStep(aRun({ status: 20, run_steps: failed }), undefined)?.index).toBe(2);
  });

  it('is the one that a cancel cut off', () => {
    const cut = [
      done(1, 0, 30),
      { ...done(2, 30, 31), status: 30 as const },
      aStep({ index: 3, status: 30 }),
    ];
    expect(whichStep(aRun({ status: 30, run_steps: cut }), undefined)?.index).toBe(2);
  });

  it('is the longest of a successful run', () => {
    expect(whichStep(aRun({ status: 10, run_steps: steps }), undefined)?.index).toBe(2);
  });

  it('is nothing before there are steps', () => {
    expect(whichStep(aRun({ status: 1 }), undefined)).toBeNull();
  });
});
