import { describe, expect, it } from 'vitest';
import {
  formatAge,
  formatDuration,
  formatExecution,
  formatLocal,
  formatUtc,
  parseClock,
  parseTimestamp,
} from './time';

describe('parseTimestamp', () => {
  const expected = Date.UTC(2024, 4, 27, 10, 42, 16, 179);
  it.each([
    '2024-05-27 10:42:16.179903+00:00',
    '2024-05-27T10:42:16.179903+00:00',
    '2024-05-27T10:42:16.179Z',
    '2024-05-27T10:42:16.179903842z',
    '2024-05-27 10:42:16.179',
    '2024-05-27T12:42:16.179+02:00',
    '2024-05-27T12:42:16.179+0200',
    '2024-05-27 12:42:16.179 +02',
    '2024-05-27T05:12:16.179-05:30',
  ])('reads %s', (text) => {
    expect(parseTimestamp(text)).toBe(expected);
  });

  it('reads times without decimals or with few', () => {
    expect(parseTimestamp('2022-07-26T23:00:00+00:00')).toBe(Date.UTC(2022, 6, 26, 23));
    expect(parseTimestamp('2022-07-26 23:00:00.5+00:00')).toBe(
      Date.UTC(2022, 6, 26, 23, 0, 0, 500),
    );
  });

  it.each([
    null,
    undefined,
    '',
    'None',
    '2024-05-27',
    '2024-02-31T00:00:00Z',
    '2024-05-27T25:00:00Z',
    '1675735768491774',
  ])('gives null for %j', (text) => {
    expect(parseTimestamp(text)).toBeNull();
  });
});

describe('parseClock', () => {
  it.each([
    ['00:00:00', 0],
    ['00:03:41', 221_000],
    ['24:00:36', 86_436_000],
    ['123:59:59', 446_399_000],
    ['00:00:01.25', 1_250],
  ])('reads %s', (text, ms) => {
    expect(parseClock(text)).toBe(ms);
  });

  it.each([null, undefined, '', '5', '00:61:00', '-1:00:00'])('gives null for %j', (text) => {
    expect(parseClock(text)).toBeNull();
  });
});

describe('formatDuration', () => {
  it.each([
    [-5, '<1s'],
    [0, '<1s'],
    [999, '<1s'],
    [1_000, '1s'],
    [59_999, '59s'],
    [60_000, '1m 00s'],
    [83_000, '1m 23s'],
    [3_599_999, '59m 59s'],
    [3_600_000, '1h 00m'],
    [7_500_000, '2h 05m'],
    [86_400_000, '1d 00h'],
    [273_600_000, '3d 04h'],
  ])('%i ms is %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});

describe('formatExecution', () => {
  it.each([
    [-1, '0.00s'],
    [4, '0.00s'],
    [123, '0.12s'],
    [3_440, '3.4s'],
    [9_949, '9.9s'],
    [9_960, '10s'],
    [83_400, '1m 23s'],
  ])('%i ms is %s', (ms, text) => {
    expect(formatExecution(ms)).toBe(text);
  });
});

describe('formatAge', () => {
  const now = Date.UTC(2026, 2, 1, 12);
  it.each([
    [0, 'just now'],
    [9_999, 'just now'],
    [10_000, '10 s ago'],
    [59_999, '59 s ago'],
    [180_000, '3 min ago'],
    [3_600_000, '1 h ago'],
    [86_399_999, '23 h ago'],
    [86_400_000, '1 day ago'],
    [200_000_000, '2 days ago'],
    [-9_000, 'just now'],
    [-180_000, 'in 3 min'],
  ])('%i ms old is %s', (age, text) => {
    expect(formatAge(now - age, now)).toBe(text);
  });

  it('gives the date past a month', () => {
    expect(formatAge(new Date(2025, 11, 24, 12).getTime(), now)).toBe('24 Dec 2025');
  });
});

describe('exact times', () => {
  const ms = Date.UTC(2026, 2, 1, 23, 30, 5, 999);
  it('in UTC', () => {
    expect(formatUtc(ms)).toBe('2026-03-01 23:30:05 UTC');
  });

  it('on a wall clock, with its offset', () => {
    expect(formatLocal(ms, 60)).toBe('2026-03-02 00:30:05 +01:00');
    expect(formatLocal(ms, -210)).toBe('2026-03-01 20:00:05 -03:30');
  });
});
