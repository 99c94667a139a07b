import { describe, expect, it } from 'vitest';
import type { CatalogNode, Environment } from './catalog-api';
import { entryKey, entryOf, filterEntries, inOrder, shownEnvironments } from './entries';

const environment = (id: number, deployment_type: string | null = 'production') =>
  ({ id, name: `E${id}`, deployment_type }) as Environment;

function node(resourceType: string, name: string, more: Partial<CatalogNode> = {}): CatalogNode {
  return {
    uniqueId: `${resourceType}.shop.${name}`,
    name,
    resourceType,
    description: null,
    materializationType: null,
    database: null,
    schema: null,
    alias: null,
    sourceName: null,
    access: null,
    group: null,
    lastRunStatus: null,
    parentIds: [],
    tags: [],
    ...more,
  };
}

const entries = [
  entryOf(
    environment(1),
    node('model', 'stg_orders', { lastRunStatus: 'success', tags: ['daily'] }),
    null,
  ),
  entryOf(environment(1), node('model', 'orders', { lastRunStatus: 'error' }), null),
  entryOf(environment(1), node('source', 'customers', { description: 'Who Orders' }), 'warn'),
  entryOf(environment(1), node('test', 'unique_orders', { lastRunStatus: 'pass' }), null),
];
const names = (found: typeof entries) => found.map((entry) => entry.node.name);
const none = new Set<string>();

describe('filterEntries', () => {
  it('shows all but tests, and tests when they are asked for', () => {
    expect(names(filterEntries(entries, {}, none))).toEqual(['stg_orders', 'orders', 'customers']);
    expect(names(filterEntries(entries, { type: 'test' }, none))).toEqual(['unique_orders']);
  });

  it('looks in names, descriptions and tags; a name that begins so comes first', () => {
    expect(names(filterEntries(entries, { q: 'ORDERS' }, none))).toEqual([
      'orders',
      'stg_orders',
      'customers',
    ]);
    expect(names(filterEntries(entries, { q: 'daily' }, none))).toEqual(['stg_orders']);
  });

  it('takes in what was found in columns', () => {
    const found = new Set([entryKey(1, 'source.shop.customers'), entryKey(2, 'model.shop.orders')]);
    expect(names(filterEntries(entries, { q: 'vat_id' }, found))).toEqual(['customers']);
  });

  it('filters by last status, freshness and tag', () => {
    expect(names(filterEntries(entries, { status: 'error' }, none))).toEqual(['orders']);
    expect(names(filterEntries(entries, { status: 'none' }, none))).toEqual(['customers']);
    expect(names(filterEntries(entries, { fresh: 'warn' }, none))).toEqual(['customers']);
    expect(names(filterEntries(entries, { fresh: 'none' }, none))).toEqual([]);
    expect(names(filterEntries(entries, { tag: 'daily' }, none))).toEqual(['stg_orders']);
  });
});

describe('shownEnvironments', () => {
  it('are those of production, the chosen one, or all where none is of production', () => {
    const [production, staging] = [environment(1), environment(2, 'staging')];
    expect(shownEnvironments([production, staging], undefined)).toEqual([production]);
    expect(shownEnvironments([production, staging], 2)).toEqual([staging]);
    expect(shownEnvironments([staging], undefined)).toEqual([staging]);
  });
});

describe('inOrder', () => {
  it('puts models before sources, by name, and leaves out what has no place', () => {
    const all = [...entries, entryOf(environment(1), node('operation', 'on_run_end'), null)];
    expect(names(inOrder(all))).toEqual(['orders', 'stg_orders', 'customers', 'unique_orders']);
  });
});
