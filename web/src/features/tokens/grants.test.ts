import { expect, test } from 'vitest';
import { type Grant, grantsOf, grantsText, rowsOf } from './grants';

const grant = (
  permission_set: string,
  project_id: number | null,
  categories: string[] = [],
): Grant => ({
  permission_set,
  project_id,
  writable_environment_categories: categories,
});

test('rows become one grant for each project, and none means all', () => {
  const rows = [
    { set: 'job_admin', projects: ['1', '2'], categories: [] },
    { set: 'metadata_only', projects: [], categories: [] },
    { set: null, projects: ['3'], categories: [] },
  ];
  expect(grantsOf(rows)).toEqual([
    grant('job_admin', 1),
    grant('job_admin', 2),
    grant('metadata_only', null),
  ]);
});

test('grants of the same set meet in one row, and come back the same', () => {
  const grants = [
    grant('job_admin', 1),
    grant('job_admin', 2),
    grant('job_admin', null),
    grant('developer', 1, ['staging']),
    grant('developer', 1, ['development']),
  ];
  expect(rowsOf(grants)).toHaveLength(4);
  expect(grantsOf(rowsOf(grants))).toEqual(grants);
});

test('grants are told by names, and by ids where there is none', () => {
  const names = { sets: { job_admin: 'Job admin' }, projects: new Map([[1, 'Shop']]) };
  expect(grantsText([grant('job_admin', 1), grant('job_admin', 9)], names)).toBe(
    'Job admin in Shop, project 9',
  );
  expect(grantsText([grant('new_set', null)], names)).toBe('new_set in all projects');
});
