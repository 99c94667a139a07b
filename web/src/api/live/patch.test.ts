import { describe, expect, it } from 'vitest';
import type { Run, RunNode } from '../types';
import { newerRun, patchNodes, patchRunPages, type RunPages } from './patch';

const run = (id: number, change: Partial<Run> = {}): Run => ({
  id,
  account_id: 1,
  project_id: 3,
  environment_id: 11,
  job_definition_id: 101,
  status: 3,
  git_branch: 'main',
  git_sha: null,
  created_at: '2026-03-01 10:00:00.000000+00:00',
  updated_at: '2026-03-01 10:00:05.000001+00:00',
  dequeued_at: null,
  started_at: null,
  finished_at: null,
  job: { id: 101, name: 'Nightly build' },
  environment: { id: 11, name: 'Production' },
  trigger: { cause: 'Scheduled' },
  run_steps: [],
  ...change,
});

const pages = (...groups: Run[][]): RunPages => ({
  pages: groups.map((runs) => ({ runs, totalCount: 10 })),
  pageParams: groups.map((_, index) => index),
});

const all = () => true;
const idsOf = (value: RunPages | undefined) =>
  value?.pages.map((page) => page.runs.map(({ id }) => id));

describe('newerRun', () => {
  it('takes the arriving state', () => {
    expect(newerRun(run(1), run(1, { status: 10 })).status).toBe(10);
  });

  it('keeps the cached state when an older answer arrives late', () => {
    const cached = run(1, { status: 10, updated_at: '2026-03-01 10:00:05.000002+00:00' });
    expect(newerRun(cached, run(1, { status: 3 }))).toBe(cached);
  });

  it('compares times across their two spellings', () => {
    const cached = run(1, { status: 10, updated_at: '2026-03-01T10:00:06.000000Z' });
    expect(newerRun(cached, run(1)).status).toBe(10);
  });

  it('keeps related objects and steps that the event does not carry', () => {
    const step = {
      index: 1,
      name: 'Clone',
      status: 10,
      started_at: null,
      finished_at: null,
    } as const;
    const cached = run(1, { run_steps: [step] });
    const merged = newerRun(cached, run(1, { job: null, trigger: null, environment: null }));
    expect(merged.job?.name).toBe('Nightly build');
    expect(merged.trigger?.cause).toBe('Scheduled');
    expect(merged.environment?.name).toBe('Production');
    expect(merged.run_steps).toEqual([step]);
  });

  it('does not mix two runs', () => {
    const other = run(2, { job: null });
    expect(newerRun(run(1), other)).toBe(other);
  });
});

describe('patchRunPages', () => {
  it('replaces a run where it stands, on any page', () => {
    const before = pages([run(9), run(8)], [run(7)]);
    const after = patchRunPages(before, run(7, { status: 20 }), all);
    expect(idsOf(after)).toEqual([[9, 8], [7]]);
    expect(after?.pages[1]?.runs[0]?.status).toBe(20);
    expect(after?.pages[0]).toBe(before.pages[0]);
    expect(before.pages[1]?.runs[0]?.status).toBe(3);
  });

  it('puts a new run on top and counts it', () => {
    const after = patchRunPages(pages([run(9)]), run(10), all);
    expect(idsOf(after)).toEqual([[10, 9]]);
    expect(after?.pages[0]?.totalCount).toBe(11);
  });

  it('fills an empty list', () => {
    expect(idsOf(patchRunPages(pages([]), run(1), all))).toEqual([[1]]);
  });

  it('leaves out what the filter excludes', () => {
    const before = pages([run(9)]);
    expect(patchRunPages(before, run(10), () => false)).toBe(before);
  });

  it('keeps a shown run that stops matching', () => {
    const after = patchRunPages(
      pages([run(9)]),
      run(9, { status: 10 }),
      ({ status }) => status === 3,
    );
    expect(after?.pages[0]?.runs[0]?.status).toBe(10);
  });

  it('ignores a run older than the list, which belongs to a page not yet read', () => {
    const before = pages([run(9)]);
    expect(patchRunPages(before, run(5), all)).toBe(before);
  });

  it('has nothing to do without a list', () => {
    expect(patchRunPages(undefined, run(1), all)).toBeUndefined();
  });
});

const node = (name: string, status: string, change: Partial<RunNode> = {}): RunNode => ({
  step: 4,
  unique_id: `model.shop.${name}`,
  name,
  resource_type: 'model',
  status,
  index: 1,
  total: 3,
  execution_time: null,
  started_at: '2026-03-01T10:00:01Z',
  finished_at: null,
  message: null,
  ...change,
});

describe('patchNodes', () => {
  it('adds new nodes and updates known ones in place', () => {
    const before = [node('a', 'started'), node('b', 'started')];
    const after = patchNodes(before, [node('a', 'success'), node('c', 'started')]);
    expect(after?.map(({ name, status }) => `${name} ${status}`)).toEqual([
      'a success',
      'b started',
      'c started',
    ]);
    expect(before[0]?.status).toBe('started');
  });

  it('never takes an outcome back', () => {
    const after = patchNodes([node('a', 'error')], [node('a', 'started')]);
    expect(after?.[0]?.status).toBe('error');
  });

  it('tells the same node apart in two steps', () => {
    expect(patchNodes([node('a', 'error')], [node('a', 'started', { step: 5 })])).toHaveLength(2);
  });

  it('keeps the place and the start that the last event leaves out', () => {
    const ended = node('a', 'success', { index: null, total: null, started_at: null });
    expect(patchNodes([node('a', 'started')], [ended])?.[0]).toMatchObject({
      status: 'success',
      index: 1,
      total: 3,
      started_at: '2026-03-01T10:00:01Z',
    });
  });

  it('does nothing before the first read', () => {
    expect(patchNodes(undefined, [node('a', 'started')])).toBeUndefined();
  });
});
