import { describe, expect, it } from 'vitest';
import { arrange, moved, type PaletteItem, rankOf, runNumber } from './palette-items';

const item = (title: string, group: PaletteItem['group'] = 'Jobs', hint?: string): PaletteItem => ({
  id: `${group} ${title}`,
  group,
  title,
  hint,
  href: '/',
});

describe('runNumber', () => {
  it('reads a number with or without its sign', () => {
    expect(runNumber('#12')).toBe(12);
    expect(runNumber(' 7 ')).toBe(7);
    expect(runNumber('#')).toBeNull();
    expect(runNumber('0')).toBeNull();
    expect(runNumber('12a')).toBeNull();
  });
});

describe('rankOf', () => {
  it('wants every word, in the title or beside it', () => {
    expect(rankOf(item('Nightly build', 'Jobs', 'Shop'), 'shop night')).toBe(4);
    expect(rankOf(item('Nightly build'), 'shop night')).toBeNull();
  });

  it('prefers the whole name, then its beginning, then that of a word', () => {
    const ranks = ['orders', 'orders_daily', 'stg_orders', 'reorders'];
    expect(ranks.map((name) => rankOf(item(name), 'orders'))).toEqual([0, 1, 2, 3]);
  });
});

describe('arrange', () => {
  it('goes group by group, the best of each first, none twice', () => {
    const shown = arrange(
      [item('stg_orders', 'Catalog'), item('orders', 'Catalog'), item('orders'), item('orders')],
      'orders',
    );
    expect(shown.map(({ id }) => id)).toEqual([
      'Jobs orders',
      'Catalog orders',
      'Catalog stg_orders',
    ]);
  });

  it('shows a handful of each', () => {
    const many = Array.from({ length: 50 }, (_, place) => item(`Job ${place}`));
    expect(arrange(many, 'job')).toHaveLength(6);
  });
});

describe('moved', () => {
  it('goes around the ends', () => {
    expect(moved(2, 1, 3)).toBe(0);
    expect(moved(0, -1, 3)).toBe(2);
    expect(moved(0, 1, 0)).toBe(-1);
  });
});
