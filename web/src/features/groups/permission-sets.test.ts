import { describe, expect, test } from 'vitest';
import source from '../../../../src/api/permission_sets.cpp?raw';
import { areas, areasByEnvironment, knownSets, permissionSet } from './permission-sets';

const words = (text: string) => text.split(/[\s,\\]+/).filter((word) => word !== '');

const macros = new Map(
  [...source.matchAll(/#define (MW_\w+)((?:[^\n]*\\\n)*[^\n]*)/g)].map(
    ([, name = '', body = '']) => [name, words(body)] as const,
  ),
);

const lists = new Map(
  [...source.matchAll(/constexpr Area (k\w+)\[\] = \{([^}]*)\}/g)].map(
    ([, name = '', body = '']) =>
      [name, words(body).flatMap((word) => macros.get(word) ?? [word])] as const,
  ),
);

const rows = [
  ...source.matchAll(
    /PermissionSet\{\s*"(\w+)",\s*"[^"]+",\s*kOf(\w+),\s*(k\w+|\{\}),\s*(k\w+|\{\}),\s*(k\w+|\{\})\}/g,
  ),
].map(([, name = '', level, writes = '', reads = '', byEnvironment = '']) => ({
  name,
  ofAccount: level === 'Account',
  writes: new Set(lists.get(writes) ?? []),
  reads: new Set(lists.get(reads) ?? []),
  byEnvironment: new Set(lists.get(byEnvironment) ?? []),
}));

describe('the permission sets are those of the server', () => {
  test('all of them, and no others', () => {
    expect(rows.length).toBeGreaterThan(0);
    expect(knownSets.toSorted()).toEqual(rows.map(({ name }) => name).toSorted());
  });

  test('the areas are', () => {
    expect(new Set(areas)).toEqual(new Set(lists.get('kEverything')));
  });

  test.each(rows)('$name', ({ name, ofAccount, writes, reads, byEnvironment }) => {
    const set = permissionSet(name);
    expect(set?.ofAccount).toBe(ofAccount);
    expect(new Set(set?.writes)).toEqual(writes);
    expect(new Set(set?.reads)).toEqual(reads);
    expect(new Set(set?.byEnvironment ? areasByEnvironment : [])).toEqual(byEnvironment);
  });
});
