import { expect, it } from 'vitest';
import type { RunNode } from '@/api/types';
import { aNode } from '../../test-data';
import { compare, isEmpty } from './changes-model';

const node = (name: string, change: Partial<RunNode> = {}) =>
  aNode({ unique_id: `model.shop.${name}`, name, ...change });
const names = (pairs: { id: string }[]) => pairs.map(({ id }) => id.split('.').at(-1));

it('tells new failures from old ones, and what was fixed', () => {
  const changes = compare(
    [node('a'), node('b', { status: 'error' }), node('c', { status: 'fail' }), node('d')],
    [
      node('a', { status: 'error' }),
      node('b', { status: 'error' }),
      node('c', { status: 'pass' }),
      node('d', { status: 'skipped' }),
      node('e', { status: 'fail' }),
    ],
    true,
  );
  expect(names(changes.newFailures)).toEqual(['a', 'e']);
  expect(names(changes.stillFailing)).toEqual(['b']);
  expect(names(changes.fixed)).toEqual(['c']);
  expect(names(changes.added)).toEqual(['e']);
  expect(changes.gone).toEqual([]);
});

it('does not take a skipped node for fixed', () => {
  const before = [node('a', { status: 'error' })];
  expect(isEmpty(compare(before, [node('a', { status: 'skipped' })], true))).toBe(true);
});

it('counts as slower only what grew much, in times and in seconds, the most first', () => {
  const changes = compare(
    [
      node('small', { execution_time: 0.1 }),
      node('large', { execution_time: 100 }),
      node('slow', { execution_time: 2 }),
      node('slowest', { execution_time: 10 }),
      node('edge', { execution_time: 4 }),
    ],
    [
      node('small', { execution_time: 2 }),
      node('large', { execution_time: 140 }),
      node('slow', { execution_time: 4.5 }),
      node('slowest', { execution_time: 40 }),
      node('edge', { execution_time: 6 }),
    ],
    true,
  );
  expect(names(changes.slower)).toEqual(['slowest', 'slow']);
});

it('misses nothing while the run goes on', () => {
  const before = [node('a'), node('b')];
  expect(compare(before, [node('a')], false).gone).toEqual([]);
  expect(names(compare(before, [node('a')], true).gone)).toEqual(['b']);
});

it('takes the last step of a node that ran twice', () => {
  const twice = [node('a', { step: 4, status: 'error' }), node('a', { step: 5 })];
  expect(compare([node('a')], twice, true).newFailures).toEqual([]);
});

it('is empty for two alike', () => {
  expect(isEmpty(compare([node('a')], [node('a')], true))).toBe(true);
});
