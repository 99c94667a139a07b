import { describe, expect, it } from 'vitest';
import type { CatalogNode } from './catalog-api';
import { graphOf } from './graph-of';

const node = (uniqueId: string, lastRunStatus: string | null, ...parentIds: string[]) =>
  ({ uniqueId, name: uniqueId, resourceType: 'model', lastRunStatus, parentIds }) as CatalogNode;

describe('graphOf', () => {
  it('draws edges between what is shown, and colours what did not go well', () => {
    const { nodes, edges } = graphOf(
      [node('a', 'success'), node('b', 'error', 'a', 'hidden')],
      (id) => id === 'b',
    );
    expect(edges).toEqual([{ from: 'a', to: 'b' }]);
    expect(nodes.map(({ state, dim }) => [state, dim])).toEqual([
      [undefined, true],
      ['error', false],
    ]);
  });
});
