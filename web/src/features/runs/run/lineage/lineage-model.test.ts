import { expect, it } from 'vitest';
import { aNode } from '../../test-data';
import { draw, namesOf } from './lineage-model';

const lineage = {
  run: 1,
  upstream: new Map([
    ['model.shop.orders', ['model.shop.stg_orders', 'source.shop.app.events']],
    ['test.shop.unique_orders_id.4f2a', ['model.shop.orders']],
  ]),
};
const orders = aNode({ unique_id: 'model.shop.orders', name: 'orders', status: 'started' });
const test = aNode({
  unique_id: 'test.shop.unique_orders_id.4f2a',
  name: 'unique_orders_id',
  resource_type: 'test',
  status: 'pass',
});

it('shows what ran in its state, and what it depends on apart', () => {
  const { nodes, edges } = draw([orders], lineage, false);
  expect(nodes).toEqual([
    { id: 'model.shop.orders', label: 'orders', kind: 'model', state: 'running' },
    { id: 'model.shop.stg_orders', label: 'stg_orders', kind: 'model', dim: true },
    { id: 'source.shop.app.events', label: 'app.events', kind: 'source', dim: true },
  ]);
  expect(edges).toContainEqual({ from: 'source.shop.app.events', to: 'model.shop.orders' });
});

it('shows tests when asked for, or when they failed', () => {
  const ids = (withTests: boolean, status: 'pass' | 'fail') =>
    draw([orders, { ...test, status }], lineage, withTests).nodes.map(({ id }) => id);
  expect(ids(false, 'pass')).not.toContain(test.unique_id);
  expect(ids(true, 'pass')).toContain(test.unique_id);
  expect(ids(false, 'fail')).toContain(test.unique_id);
});

it.each([
  ['model.shop.orders', 'model', 'orders'],
  ['source.shop.app.events', 'source', 'app.events'],
  ['test.shop.unique_orders_id.4f2a', 'test', 'unique_orders_id'],
  ['odd', 'odd', 'odd'],
])('%s is the %s %s', (id, kind, name) => {
  expect(namesOf(id)).toEqual({ kind, name });
});
