import { expect, test } from 'vitest';
import { readMailSearch } from './search-params';

test('what is broken in an address reads as absent', () => {
  expect(readMailSearch({ status: 'lost', letter: -1 })).toEqual({});
  expect(readMailSearch({ letter: 'x' })).toEqual({});
});

test('a status and a letter are read', () => {
  expect(readMailSearch({ status: 'failed', letter: '7' })).toEqual({
    status: 'failed',
    letter: 7,
  });
});
