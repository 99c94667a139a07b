import { describe, expect, it } from 'vitest';
import {
  codesOf,
  filtersOf,
  readListSearch,
  readRunSearch,
  runTabs,
  toggleStatus,
} from './search-params';

describe('the list', () => {
  it('reads known statuses in one order and drops the rest', () => {
    expect(readListSearch({ status: 'error,running,nonsense', job: '12' })).toEqual({
      status: 'running,error',
      job: 12,
    });
    expect(readListSearch({ status: 'nonsense', job: -1 })).toEqual({});
    expect(readListSearch({ status: { a: 1 }, job: 'x' })).toEqual({});
  });

  it('reads where and when', () => {
    const search = { project: '3', environment: 11, job: '101', since: '24h' };
    expect(readListSearch(search)).toEqual({ project: 3, environment: 11, job: 101, since: '24h' });
    expect(readListSearch({ cause: 'nobody', branch: '' })).toEqual({});
    expect(readListSearch({ project: 'x', environment: 0, since: 'ever' })).toEqual({});
    expect(filtersOf({ status: 'error', environment: 11, cause: 'api', branch: 'main' })).toEqual({
      statuses: [20],
      cause: 'api',
      branch: 'main',
      job: null,
      project: null,
      environment: 11,
      since: null,
    });
  });

  it('toggles one status and keeps the job', () => {
    const once = toggleStatus({ job: 3 }, 'error');
    expect(once).toEqual({ status: 'error', job: 3 });
    expect(toggleStatus(once, 'error')).toEqual({ job: 3 });
  });

  it('asks for starting together with running', () => {
    expect(codesOf({ status: 'running,queued' })).toEqual([2, 3, 1]);
    expect(codesOf({})).toEqual([]);
  });
});

describe('the run', () => {
  it('keeps what it knows', () => {
    expect(
      readRunSearch({ tab: 'nodes', step: 4, level: 'debug', find: 12, node: 'model.a.b', x: 1 }),
    ).toEqual({
      tab: 'nodes',
      step: 4,
      level: 'debug',
      find: '12',
      node: 'model.a.b',
    });
  });

  it('knows every tab; the first needs no name', () => {
    const read = runTabs.map((tab) => readRunSearch({ tab }).tab);
    expect(read).toEqual([
      undefined,
      'timeline',
      'lineage',
      'nodes',
      'artifacts',
      'changes',
      'compare',
    ]);
  });

  it('reads broken values as absent', () => {
    expect(readRunSearch({ tab: 'logs', step: 'four', level: 'info', find: '' })).toEqual({});
  });
});
