/** How the models that a run built differ from those of the environment that it defers to. */

export interface ComparedModel {
  unique_id: string;
  name: string;
  status: 'new' | 'changed' | 'unchanged' | 'skipped';
  primary_key: string[];
  rows: Rows;
  columns: Columns;
  /** Why it was skipped, or what else there is to know; mostly empty. */
  message: string;
}

/** null where nobody counted. */
export interface Rows {
  added: number | null;
  removed: number | null;
  changed: number | null;
  unchanged: number | null;
  before: number | null;
  after: number | null;
}

export interface Columns {
  added: string[];
  removed: string[];
  retyped: string[];
  /** In how many rows, by the column's name. */
  changed: Record<string, number>;
}

export interface Comparison {
  models: ComparedModel[];
}

export const statusWord: Record<ComparedModel['status'], string> = {
  new: 'New',
  changed: 'Changed',
  unchanged: 'Unchanged',
  skipped: 'Not compared',
};

/** What one looks at first comes first. */
const order: ComparedModel['status'][] = ['changed', 'new', 'skipped', 'unchanged'];

export function arranged(models: readonly ComparedModel[]): ComparedModel[] {
  return [...models].sort(
    (a, b) => order.indexOf(a.status) - order.indexOf(b.status) || a.name.localeCompare(b.name),
  );
}

export function countOf(models: readonly ComparedModel[], status: ComparedModel['status']): number {
  return models.filter((model) => model.status === status).length;
}

const number = (value: number) => value.toLocaleString('en');

/** “2 of 14 models differ, 1 is new.” */
export function summaryOf(models: readonly ComparedModel[]): string {
  const [changed, made, skipped] = [
    countOf(models, 'changed'),
    countOf(models, 'new'),
    countOf(models, 'skipped'),
  ];
  const parts = [
    changed === 0
      ? `None of ${number(models.length)} models differs`
      : `${number(changed)} of ${number(models.length)} models ${changed === 1 ? 'differs' : 'differ'}`,
  ];
  if (made > 0) parts.push(`${number(made)} ${made === 1 ? 'is' : 'are'} new`);
  if (skipped > 0) parts.push(`${number(skipped)} ${skipped === 1 ? 'was' : 'were'} not compared`);
  return `${parts.join(', ')}.`;
}

const signs = [
  { kind: 'added', sign: '+' },
  { kind: 'removed', sign: '−' },
  { kind: 'changed', sign: '~' },
] as const;

/** “+12”, “−3”, “~40”; none where all are the same, and null where the rows were not compared. */
export function rowParts(rows: Rows): { text: string; kind: keyof Rows }[] | null {
  if (signs.every(({ kind }) => rows[kind] === null)) return null;
  return signs.flatMap(({ kind, sign }) => {
    const count = rows[kind] ?? 0;
    return count > 0 ? [{ kind, text: `${sign}${number(count)}` }] : [];
  });
}

/** “1,045 → 1,057”. */
export function sizeWords({ before, after }: Rows): string {
  if (before === null && after === null) return '–';
  const words = (count: number | null) => (count === null ? '–' : number(count));
  return `${words(before)} → ${words(after)}`;
}

export interface ColumnChange {
  name: string;
  words: string;
}

/** What became of a model's columns; those with the most changed rows first. */
export function columnChanges({ columns, rows }: ComparedModel): ColumnChange[] {
  const compared = (rows.changed ?? 0) + (rows.unchanged ?? 0);
  const outOf = compared === 0 ? '' : ` of ${number(compared)}`;
  return [
    ...columns.added.map((name) => ({ name, words: 'added' })),
    ...columns.removed.map((name) => ({ name, words: 'removed' })),
    ...columns.retyped.map((name) => ({ name, words: 'of another type' })),
    ...Object.entries(columns.changed)
      .sort(([, a], [, b]) => b - a)
      .map(([name, count]) => ({
        name,
        words: `changed in ${number(count)}${outOf} rows`,
      })),
  ];
}
