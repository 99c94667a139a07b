import { describe, expect, it } from 'vitest';
import { phaseOfStep, phasesOf, retryRefusal } from './run-facts';
import { aRun, aStep } from './test-data';

const at = (second: number) => Date.UTC(2026, 2, 1, 10, 0, second);
const text = (second: number) => `2026-03-01 10:00:${String(second).padStart(2, '0')}.000000+00:00`;

describe('phasesOf', () => {
  it('splits a finished run', () => {
    const run = aRun({
      status: 10,
      created_at: text(0),
      dequeued_at: text(2),
      started_at: text(3),
      finished_at: text(40),
    });
    expect(phasesOf(run)).toEqual({
      queued: { from: at(0), to: at(2) },
      prepared: { from: at(2), to: at(3) },
      ran: { from: at(3), to: at(40) },
    });
  });

  it('leaves open what still goes on', () => {
    const run = aRun({ status: 1, created_at: text(0) });
    expect(phasesOf(run)).toEqual({
      queued: { from: at(0), to: null },
      prepared: { from: null, to: null },
      ran: { from: null, to: null },
    });
  });

  it('ends the queue of a run that was cancelled in it', () => {
    const run = aRun({ status: 30, created_at: text(0), finished_at: text(9) });
    expect(phasesOf(run).queued).toEqual({ from: at(0), to: at(9) });
  });

  it('never lets a run that is over run on, even without its end', () => {
    const run = aRun({ status: 20, created_at: text(0), started_at: text(3), finished_at: null });
    expect(phasesOf(run).ran).toEqual({ from: at(3), to: at(3) });
  });
});

describe('phaseOfStep', () => {
  it('is open only while the run is', () => {
    const step = aStep({ status: 3, started_at: text(5) });
    expect(phaseOfStep(step, aRun({ status: 3 }))).toEqual({ from: at(5), to: null });
    expect(phaseOfStep(step, aRun({ status: 30, finished_at: text(8) }))).toEqual({
      from: at(5),
      to: at(8),
    });
    expect(phaseOfStep(aStep({ status: 1 }), aRun({}))).toEqual({ from: null, to: null });
  });
});

describe('retryRefusal', () => {
  it('has words for the reasons of the API, and for new ones', () => {
    expect(retryRefusal(aRun({ retry_not_supported_reason: 'RETRY_NOT_LATEST_RUN' }))).toMatch(
      /latest run/,
    );
    expect(retryRefusal(aRun({ retry_not_supported_reason: 'RETRY_FULL_MOON' }))).toBe(
      'This run cannot be retried',
    );
  });
});
