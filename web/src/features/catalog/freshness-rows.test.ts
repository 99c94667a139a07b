import { describe, expect, it } from 'vitest';
import type { SourceState } from './catalog-api';
import { byUrgency, limitWords, sourceTitle } from './freshness-rows';

const source = (name: string, freshnessStatus: string | null) =>
  ({ name, sourceName: 'raw', freshness: freshnessStatus && { freshnessStatus } }) as SourceState;

describe('byUrgency', () => {
  it('puts what is too old first and what was never checked last', () => {
    const sorted = byUrgency([
      source('a', null),
      source('b', 'pass'),
      source('d', 'error'),
      source('c', 'runtime error'),
      source('e', 'warn'),
    ]);
    expect(sorted.map(sourceTitle)).toEqual(['raw.c', 'raw.d', 'raw.e', 'raw.b', 'raw.a']);
  });
});

describe('limitWords', () => {
  it('counts in words', () => {
    expect(limitWords({ count: 12, period: 'hour' })).toBe('12 hours');
    expect(limitWords({ count: 1, period: 'day' })).toBe('1 day');
    expect(limitWords({ count: null, period: null })).toBeNull();
    expect(limitWords(null)).toBeNull();
  });
});
