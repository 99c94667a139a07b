import { type EnvironmentKind, kinds } from './environment-draft';

export interface EnvironmentListSearch {
  project?: number;
  type?: EnvironmentKind;
  connection?: number;
}

function idOf(value: unknown): number | undefined {
  const id = Number(value);
  return Number.isSafeInteger(id) && id > 0 ? id : undefined;
}

export function readEnvironmentListSearch(search: Record<string, unknown>): EnvironmentListSearch {
  const read: EnvironmentListSearch = {};
  const project = idOf(search['project']);
  const connection = idOf(search['connection']);
  const type = kinds.find((kind) => kind === search['type']);
  if (project !== undefined) read.project = project;
  if (connection !== undefined) read.connection = connection;
  if (type !== undefined) read.type = type;
  return read;
}

export const environmentTabs = ['overview', 'credentials', 'variables', 'settings'] as const;
export type EnvironmentTab = (typeof environmentTabs)[number];

export interface EnvironmentSearch {
  tab?: EnvironmentTab;
  /** The variable whose panel is open. */
  variable?: string;
}

export function readEnvironmentSearch(search: Record<string, unknown>): EnvironmentSearch {
  const read: EnvironmentSearch = {};
  const tab = environmentTabs.find((each) => each === search['tab']);
  if (tab !== undefined && tab !== 'overview') read.tab = tab;
  if (typeof search['variable'] === 'string') read.variable = search['variable'];
  return read;
}
