/** Environment variables by environment, as the API gives them; environments go by their names. */
export interface VariableTable {
  environments: string[];
  variables: Record<string, Record<string, { id: number; value: string }>>;
}

/** The column of values that count wherever an environment has none of its own. */
export const projectPlace = 'project';

export interface VariableRow {
  name: string;
  secret: boolean;
  /** By place; absent where there is none. */
  values: Record<string, string>;
}

export const secretPrefix = 'DBT_ENV_SECRET';

export function isSecretName(name: string): boolean {
  return name.startsWith(secretPrefix);
}

export function rowsOf(table: VariableTable): VariableRow[] {
  return Object.entries(table.variables)
    .map(([name, places]) => ({
      name,
      secret: isSecretName(name),
      values: Object.fromEntries(
        Object.entries(places).map(([place, { value }]) => [place, value]),
      ),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** What of a name is not allowed; the server says the same. */
export function problemWithName(name: string, taken: readonly string[]): string | null {
  if (name === '') return 'Give it a name';
  if (!/^DBT_[A-Z0-9_]*$/.test(name) || name === 'DBT_')
    return 'It begins with DBT_ and has capital letters, digits and underscores only';
  if (name.startsWith('DBT_CLOUD_') || name === 'DBT_ENV')
    return 'Every run is told this of itself; choose another name';
  return taken.includes(name) ? 'There is a variable of this name already' : null;
}

/** A value that is typed; null for none. Of a secret, undefined is what is stored. */
export type TypedValue = string | null | undefined;

/** What a save changes: only the places that were touched. Null takes a value away. */
export function changesOf(
  row: VariableRow | undefined,
  typed: Readonly<Record<string, TypedValue>>,
): Record<string, string | null> {
  const changes: Record<string, string | null> = {};
  for (const [place, value] of Object.entries(typed)) {
    if (value === undefined) continue;
    const before = row?.values[place];
    if (value === null ? before === undefined : !row?.secret && value === before) continue;
    changes[place] = value;
  }
  return changes;
}
