import { expect, it } from 'vitest';
import { medianOf } from './median';

it.each([
  [[], 0],
  [[3], 3],
  [[9, 1], 5],
  [[9, 1, 2], 2],
])('of %j is %d', (values, median) => {
  expect(medianOf(values)).toBe(median);
});
