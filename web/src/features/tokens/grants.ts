/** What a token may do, as the API has it (a permission set in a project) and as the form asks it. */

export interface Grant {
  permission_set: string;
  /** null: all projects. */
  project_id: number | null;
  writable_environment_categories: string[];
}

/** A permission set in some projects; none means all of them. */
export interface GrantRow {
  set: string | null;
  /** Ids, as texts for the input. */
  projects: string[];
  /** Not edited here, and kept: in which environments its owner may write. */
  categories: string[];
}

export const emptyRow: GrantRow = { set: null, projects: [], categories: [] };

export function grantsOf(rows: readonly GrantRow[]): Grant[] {
  return rows.flatMap(({ set, projects, categories }) => {
    if (set === null) return [];
    const places = projects.length === 0 ? [null] : projects.map(Number);
    return places.map((project_id) => ({
      permission_set: set,
      project_id,
      writable_environment_categories: categories,
    }));
  });
}

/** The fewest rows that say the same. All projects and some of them stay apart. */
export function rowsOf(grants: readonly Grant[]): GrantRow[] {
  const rows = new Map<string, GrantRow>();
  for (const { permission_set, project_id, writable_environment_categories } of grants) {
    const categories = [...writable_environment_categories].sort();
    const key = JSON.stringify([permission_set, categories, project_id === null]);
    const row = rows.get(key) ?? { set: permission_set, projects: [], categories };
    if (project_id !== null) row.projects.push(String(project_id));
    rows.set(key, row);
  }
  return [...rows.values()];
}

interface Names {
  sets: Record<string, string>;
  projects: ReadonlyMap<number, string>;
}

/** “Job admin in Shop, Metadata only in all projects”. */
export function grantsText(grants: readonly Grant[], names: Names): string {
  return rowsOf(grants)
    .map(({ set, projects }) => {
      const where = projects.map((id) => names.projects.get(Number(id)) ?? `project ${id}`);
      const what = names.sets[set ?? ''] ?? set;
      return `${what} in ${where.length === 0 ? 'all projects' : where.join(', ')}`;
    })
    .join('; ');
}
