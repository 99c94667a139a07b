import { describe, expect, it } from 'vitest';
import { ShownRows } from './shown-rows';

const rows = (n: number, text: string) =>
  ({ topic: 'run:1', type: 'rows', step: 4, n, text }) as const;

describe('ShownRows', () => {
  it('gives what was shown for a line', () => {
    const shown = new ShownRows();
    shown.take(rows(3, '| a |'));
    expect(shown.of(4, 3)).toBe('| a |');
    expect(shown.of(4, 2)).toBeUndefined();
    expect(shown.of(5, 3)).toBeUndefined();
  });

  it('forgets the oldest past its limit, but never the newest', () => {
    const shown = new ShownRows(10);
    for (const n of [1, 2, 3]) shown.take(rows(n, 'xxxx'));
    shown.take(rows(3, 'xxxx'));
    expect([1, 2, 3].map((n) => shown.of(4, n) !== undefined)).toEqual([false, true, true]);
    shown.take(rows(4, 'longer than all of it'));
    expect(shown.of(4, 4)).toBe('longer than all of it');
    expect(shown.of(4, 3)).toBeUndefined();
  });
});
