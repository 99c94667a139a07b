import { describe, expect, it } from 'vitest';
import type { CatalogNode } from './catalog-api';
import { around, downstream, relationsOf, upstream } from './lineage';

const node = (uniqueId: string, ...parentIds: string[]) => ({ uniqueId, parentIds }) as CatalogNode;
const relations = relationsOf([
  node('a'),
  node('b', 'a', 'gone'),
  node('c', 'b'),
  node('d', 'c', 'a'),
  node('e'),
]);

describe('lineage', () => {
  it('walks both ways, as far as is asked', () => {
    expect(upstream(relations, 'd')).toEqual(['c', 'a', 'b']);
    expect(upstream(relations, 'd', 1)).toEqual(['c', 'a']);
    expect(downstream(relations, 'a', 1)).toEqual(['b', 'd']);
    expect([...around(relations, 'b', 1)].sort()).toEqual(['a', 'b', 'c']);
    expect([...around(relations, 'e', 9)]).toEqual(['e']);
  });

  it('leaves out parents that are not there', () => {
    expect(upstream(relations, 'b')).toEqual(['a']);
  });

  it('ends in a circle', () => {
    expect(upstream(relationsOf([node('x', 'y'), node('y', 'x')]), 'x')).toEqual(['y']);
  });
});
