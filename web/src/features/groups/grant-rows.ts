import { categoriesThatCount } from './effective';
import { permissionSet } from './permission-sets';

/** As the API has it: one project each. */
export interface GroupPermission {
  permission_set: string;
  project_id: number | null;
  all_projects: boolean;
  writable_environment_categories: string[];
}

/** As a person reads it: one permission set, in all projects or in some. */
export interface GrantRow {
  key: string;
  set: string;
  allProjects: boolean;
  projects: number[];
  /** None: all. */
  categories: string[];
}

export function rowsOf(permissions: readonly GroupPermission[]): GrantRow[] {
  const rows = new Map<string, GrantRow>();
  for (const permission of permissions) {
    const { permission_set: set, project_id: project } = permission;
    const categories = [...categoriesThatCount(permission.writable_environment_categories)].sort();
    const allProjects = project === null || permissionSet(set)?.ofAccount === true;
    const key = `${set} ${allProjects} ${categories.join(' ')}`;
    const row = rows.get(key) ?? { key, set, allProjects, projects: [], categories };
    if (!allProjects && !row.projects.includes(project)) row.projects.push(project);
    rows.set(key, row);
  }
  return [...rows.values()];
}

export function permissionsOf(rows: readonly GrantRow[]): GroupPermission[] {
  return rows.flatMap(({ set, allProjects, projects, categories }): GroupPermission[] => {
    const asks = permissionSet(set)?.byEnvironment !== false;
    const rest = {
      permission_set: set,
      writable_environment_categories: asks ? [...categories] : [],
    };
    if (allProjects || permissionSet(set)?.ofAccount)
      return [{ ...rest, project_id: null, all_projects: true }];
    return projects.map((project_id) => ({ ...rest, project_id, all_projects: false }));
  });
}

/** What is missing before a row means anything; null for nothing. */
export function problemOf(row: GrantRow): string | null {
  if (row.set === '') return 'Choose a permission set';
  if (!row.allProjects && row.projects.length === 0) return 'Choose projects';
  return null;
}
