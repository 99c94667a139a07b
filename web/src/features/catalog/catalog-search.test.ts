import { describe, expect, it } from 'vitest';
import { readCatalogSearch, readLineageSearch, readNodeSearch, toggled } from './catalog-search';

const read = readCatalogSearch(['model', 'source']);

describe('the address of the catalog', () => {
  it('keeps what is known and drops what is not', () => {
    expect(
      read({
        environment: 3,
        q: 12,
        type: 'source,model,what',
        status: 'error',
        fresh: '',
        tag: 'x',
      }),
    ).toEqual({ environment: 3, q: '12', type: 'model,source', status: 'error', tag: 'x' });
    expect(read({ environment: 'x', q: '', type: 'what' })).toEqual({});
  });

  it('leaves out what is usual', () => {
    expect(readNodeSearch({ tab: 'overview', depth: 2, code: 'raw' })).toEqual({});
    expect(readNodeSearch({ tab: 'code', depth: 5, code: 'compiled' })).toEqual({
      tab: 'code',
      depth: 5,
      code: 'compiled',
    });
    expect(readNodeSearch({ depth: 4, tab: 'nope' })).toEqual({});
    expect(readLineageSearch({ node: 'model.a.b', tests: 'yes' })).toEqual({ node: 'model.a.b' });
  });

  it('toggles one of several', () => {
    expect(toggled(undefined, 'a')).toBe('a');
    expect(toggled('a,b', 'a')).toBe('b');
    expect(toggled('b', 'b')).toBeUndefined();
  });
});
