import { expect, test } from 'vitest';
import { type GroupPermission, permissionsOf, problemOf, rowsOf } from './grant-rows';

const permission = (set: string, project: number | null, categories: string[] = []) =>
  ({
    permission_set: set,
    project_id: project,
    all_projects: project === null,
    writable_environment_categories: categories,
  }) satisfies GroupPermission;

test('projects of the same set and categories are one row', () => {
  const rows = rowsOf([
    permission('developer', 1, ['staging', 'development']),
    permission('developer', 2, ['development', 'staging']),
    permission('developer', 3),
    permission('job_viewer', null, ['all']),
  ]);
  expect(rows.map(({ key: _, ...row }) => row)).toEqual([
    {
      set: 'developer',
      allProjects: false,
      projects: [1, 2],
      categories: ['development', 'staging'],
    },
    { set: 'developer', allProjects: false, projects: [3], categories: [] },
    { set: 'job_viewer', allProjects: true, projects: [], categories: [] },
  ]);
});

test('what is written is what was read', () => {
  const permissions = [
    permission('developer', 1, ['development', 'staging']),
    permission('developer', 2, ['development', 'staging']),
    permission('owner', null),
  ];
  expect(permissionsOf(rowsOf(permissions))).toEqual(permissions);
});

test('a set of the account is for all projects', () => {
  expect(rowsOf([permission('owner', 4)])[0]?.allProjects).toBe(true);
  const row = {
    key: 'k',
    set: 'owner',
    allProjects: false,
    projects: [4],
    categories: ['staging'],
  };
  expect(permissionsOf([row])).toEqual([permission('owner', null)]);
});

test('a row says what it misses', () => {
  const row = { key: 'k', set: '', allProjects: true, projects: [], categories: [] };
  expect(problemOf(row)).toBe('Choose a permission set');
  expect(problemOf({ ...row, set: 'developer', allProjects: false })).toBe('Choose projects');
  expect(problemOf({ ...row, set: 'developer' })).toBeNull();
});
