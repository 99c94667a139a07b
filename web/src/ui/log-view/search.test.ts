import { describe, expect, it } from 'vitest';
import type { LogRow } from './log-row';
import { findRows, maxFound, stepThrough } from './search';

const row = (text: string): LogRow => ({ n: 1, part: 0, ts: '', level: 'info', text });

describe('findRows', () => {
  it('looks at what is read, not at colours', () => {
    const rows = [row('\u001b[31mERR\u001b[0mOR'), row('32m'), row('no'), row('an error')];
    expect(findRows(rows, 'error')).toEqual([0, 3]);
    expect(findRows(rows, '31m')).toEqual([]);
  });

  it('finds nothing for nothing', () => {
    expect(findRows([row('a')], '')).toEqual([]);
  });

  it('stops at its limit', () => {
    expect(
      findRows(
        Array.from({ length: maxFound + 10 }, () => row('a')),
        'a',
      ),
    ).toHaveLength(maxFound);
  });
});

describe('stepThrough', () => {
  it.each([
    [null, 1, 0],
    [null, -1, 2],
    [0, 1, 1],
    [2, 1, 0],
    [0, -1, 2],
  ] as const)('from %j by %i is %i', (current, direction, next) => {
    expect(stepThrough([4, 7, 9], current, direction)).toBe(next);
  });

  it('has nowhere to go without a hit', () => {
    expect(stepThrough([], null, 1)).toBe(-1);
  });
});
