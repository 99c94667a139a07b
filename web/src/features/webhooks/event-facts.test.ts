import { expect, test } from 'vitest';
import { deliveryState, eventFacts, pretty, timeOfMicros } from './event-facts';

test('microseconds become a time', () => {
  expect(timeOfMicros('1675735768491774')).toBe('2023-02-07T02:09:28.491Z');
  for (const none of [null, '', '0', 'soon']) expect(timeOfMicros(none)).toBeNull();
});

test('a delivery is taken, refused, or without an answer', () => {
  expect(deliveryState('204').state).toBe('success');
  expect(deliveryState('0').state).toBe('warning');
  for (const code of ['301', '404', '503']) expect(deliveryState(code).state).toBe('error');
});

test('an event tells what its payload tells', () => {
  const data = {
    runId: '12',
    projectId: '3',
    jobName: 'Nightly',
    runStatus: 'Success',
    runReason: 'x',
  };
  const payload = JSON.stringify({ timestamp: '2026-01-02T03:04:05.6Z', data });
  expect(eventFacts({ payload })).toEqual({
    at: '2026-01-02T03:04:05.6Z',
    run: 12,
    project: 3,
    jobName: 'Nightly',
    status: 'Success',
    test: false,
  });
  expect(eventFacts({ payload: 'not JSON' }).at).toBeNull();
});

test('only JSON is laid out', () => {
  expect(pretty('{"a":1}')).toBe('{\n  "a": 1\n}');
  expect(pretty('<html>')).toBe('<html>');
});
