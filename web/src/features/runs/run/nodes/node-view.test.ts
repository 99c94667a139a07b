import { expect, it } from 'vitest';
import { aNode } from '../../test-data';
import { countOutcomes, newsOf, rankOf, selectNodes } from './node-view';

const nodes = [
  aNode({ name: 'orders' }),
  aNode({ name: 'customers', status: 'error', message: 'Binder Error' }),
  aNode({ name: 'unique_orders', status: 'fail', resource_type: 'test' }),
  aNode({ name: 'stores', status: 'started' }),
];

it('counts the outcomes that occur', () => {
  expect(countOutcomes(nodes, undefined).map(({ key, count }) => `${key} ${count}`)).toEqual([
    'error 2',
    'running 1',
    'success 1',
  ]);
});

it('keeps a chosen outcome that does not occur any more', () => {
  expect(countOutcomes(nodes, 'skipped').map(({ key }) => key)).toContain('skipped');
});

it.each([
  [undefined, undefined, ['orders', 'customers', 'unique_orders', 'stores']],
  ['error', undefined, ['customers', 'unique_orders']],
  [undefined, ' ORDERS ', ['orders', 'unique_orders']],
  ['error', 'binder', ['customers']],
  [undefined, 'test', ['unique_orders']],
])('selects outcome %s, text %s', (outcome, filter, names) => {
  expect(selectNodes(nodes, outcome, filter).map(({ name }) => name)).toEqual(names);
});

it('ranks what needs a look first', () => {
  expect([...nodes].sort((a, b) => rankOf(a) - rankOf(b)).map(({ name }) => name)).toEqual([
    'customers',
    'unique_orders',
    'stores',
    'orders',
  ]);
});

it.each([
  [null, ''],
  ['OK 12 rows', 'OK 12 rows'],
  ['Runtime Error in model a (models/a.sql)\n  Binder Error: no column', 'Binder Error: no column'],
  ['Database Error in model a\n', 'Database Error in model a'],
  ['\n  Got 3 results\ncompiled at x', 'Got 3 results'],
])('says what is new in %j', (message, news) => {
  expect(newsOf(message)).toBe(news);
});
