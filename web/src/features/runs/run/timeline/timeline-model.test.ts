import { describe, expect, it } from 'vitest';
import { aNode } from '../../test-data';
import { barsOf, criticalPath, spanOf, ticksOf, tickWord } from './timeline-model';

const at = (ms: number) => new Date(Date.UTC(2026, 2, 1, 10) + ms).toISOString();
const zero = Date.UTC(2026, 2, 1, 10);

function ran(name: string, from: number, to: number | null, type = 'model') {
  return aNode({
    unique_id: `${type}.shop.${name}`,
    name,
    resource_type: type,
    status: to === null ? 'started' : 'success',
    started_at: at(from),
    finished_at: to === null ? null : at(to),
    execution_time: to === null ? null : (to - from) / 1_000,
  });
}

describe('barsOf', () => {
  it('gives what overlaps lanes of its own, and takes up a lane that is free', () => {
    const bars = barsOf([ran('c', 1_001, 2_000), ran('a', 0, 1_000), ran('b', 0, 3_000)], zero);
    expect(bars.map(({ name, lane }) => [name, lane])).toEqual([
      ['a', 0],
      ['b', 1],
      ['c', 0],
    ]);
  });

  it('lets what still runs reach until now, and leaves out what was skipped or never began', () => {
    const skipped = { ...ran('s', 0, 0), status: 'skipped' as const };
    const waiting = { ...ran('w', 0, null), started_at: null };
    const bars = barsOf([ran('a', 0, null), skipped, waiting], zero + 5_000);
    expect(bars).toHaveLength(1);
    expect(bars[0]?.to).toBe(zero + 5_000);
  });

  it('takes the execution time where the end is missing', () => {
    const [bar] = barsOf([{ ...ran('a', 0, 1_500), finished_at: null }], zero + 9_000);
    expect(bar?.to).toBe(zero + 1_500);
  });
});

describe('criticalPath', () => {
  const upstream = new Map([
    ['model.shop.b', ['model.shop.a', 'model.shop.quick']],
    ['model.shop.c', ['model.shop.ephemeral']],
    ['model.shop.ephemeral', ['model.shop.b']],
    ['test.shop.t', ['model.shop.a']],
  ]);

  it('goes back from the last finish by what was waited for longest', () => {
    const bars = barsOf(
      [ran('a', 0, 2_000), ran('quick', 0, 500), ran('b', 2_001, 4_000), ran('c', 4_001, 6_000)],
      zero,
    );
    expect(criticalPath(bars, upstream)).toEqual(['model.shop.a', 'model.shop.b', 'model.shop.c']);
  });

  it('goes through a test that held back what is downstream of the tested', () => {
    const bars = barsOf(
      [ran('a', 0, 1_000), ran('t', 1_001, 3_000, 'test'), ran('b', 3_001, 4_000)],
      zero,
    );
    expect(criticalPath(bars, upstream)).toEqual(['model.shop.a', 'test.shop.t', 'model.shop.b']);
  });

  it('is the last node alone where nothing is known of the lineage, and empty without nodes', () => {
    expect(criticalPath(barsOf([ran('a', 0, 1), ran('b', 0, 9)], zero), new Map())).toEqual([
      'model.shop.b',
    ]);
    expect(criticalPath([], upstream)).toEqual([]);
  });

  it('ends in a cycle', () => {
    const round = new Map([
      ['model.shop.a', ['model.shop.b']],
      ['model.shop.b', ['model.shop.a']],
    ]);
    const bars = barsOf([ran('a', 0, 0), ran('b', 0, 0)], zero);
    expect(criticalPath(bars, round).length).toBe(2);
  });
});

describe('the axis', () => {
  it('has round values', () => {
    expect(ticksOf({ from: 0, to: 6_200 }, 8)).toEqual([
      0, 1_000, 2_000, 3_000, 4_000, 5_000, 6_000,
    ]);
    expect(ticksOf({ from: 5, to: 5 + 3_600_000 }, 8).at(-1)).toBe(3_600_000);
  });

  it.each([
    [0, '0'],
    [200, '200ms'],
    [1_500, '1.5s'],
    [20_000, '20s'],
    [60_000, '1m'],
    [3_630_000, '1h 30s'],
  ])('%d is %s', (ms, word) => {
    expect(tickWord(ms)).toBe(word);
  });

  it('spans all bars, and something even without', () => {
    expect(spanOf([])).toEqual({ from: 0, to: 1 });
    expect(spanOf(barsOf([ran('a', 0, 10), ran('b', 5, 90)], zero))).toEqual({
      from: zero,
      to: zero + 90,
    });
  });
});
