import { describe, expect, test } from 'vitest';
import { effectiveAccess, type Grant } from './effective';

const grant = (set: string, more: Partial<Grant> = {}): Grant => ({
  set,
  project: null,
  categories: [],
  ...more,
});

function placesOf(area: string, grants: Grant[], licence = 'developer' as const) {
  return effectiveAccess(grants, licence).find((each) => each.area === area)?.places;
}

describe('what grants add up to', () => {
  test('nothing without any, or by a set that is not known', () => {
    expect(effectiveAccess([], 'developer')).toEqual([]);
    expect(effectiveAccess([grant('of another version')], 'developer')).toEqual([]);
  });

  test('the widest place counts, once', () => {
    const grants = [
      grant('job_viewer', { project: 1 }),
      grant('job_creator', { project: 1 }),
      grant('job_creator'),
      grant('job_creator'),
    ];
    expect(placesOf('jobs', grants)).toEqual([{ access: 'write', project: null, categories: [] }]);
  });

  test('reading everywhere and writing in one project are two places', () => {
    const grants = [grant('job_viewer'), grant('job_creator', { project: 7 })];
    expect(placesOf('jobs', grants)).toEqual([
      { access: 'read', project: null, categories: [] },
      { access: 'write', project: 7, categories: [] },
    ]);
  });

  test('categories limit jobs and runs only', () => {
    const limited = grant('developer', { categories: ['development', 'staging'] });
    expect(placesOf('runs', [limited])).toEqual([
      { access: 'write', project: null, categories: ['development', 'staging'] },
    ]);
    expect(placesOf('credentials', [limited])?.[0]?.categories).toEqual([]);
    const wider = grant('developer', { categories: ['all'] });
    expect(placesOf('runs', [limited, wider])).toEqual([
      { access: 'write', project: null, categories: [] },
    ]);
  });

  test('what is of the account is not of a project', () => {
    expect(placesOf('invitations', [grant('admin', { project: 7 })])).toEqual([
      { access: 'write', project: null, categories: [] },
    ]);
  });

  test('a licence limits what groups give', () => {
    const readOnly = effectiveAccess([grant('owner')], 'read_only');
    expect(readOnly.every(({ places }) => places.every(({ access }) => access === 'read'))).toBe(
      true,
    );
    expect(readOnly.some(({ area }) => area === 'billing')).toBe(false);
    const analyst = effectiveAccess([grant('owner')], 'analyst');
    expect(analyst.find(({ area }) => area === 'jobs')?.places[0]?.access).toBe('write');
    expect(analyst.find(({ area }) => area === 'environments')?.places[0]?.access).toBe('read');
    const it = effectiveAccess([], 'it').map(({ area }) => area);
    expect(it).toContain('groups');
    expect(it).not.toContain('jobs');
  });
});
