export const projectTabs = ['settings', 'variables'] as const;
export type ProjectTab = (typeof projectTabs)[number];

export interface ProjectSearch {
  tab?: ProjectTab;
  /** The variable whose panel is open. */
  variable?: string;
}

export function readProjectSearch(search: Record<string, unknown>): ProjectSearch {
  const read: ProjectSearch = {};
  if (search['tab'] === 'variables') read.tab = 'variables';
  if (typeof search['variable'] === 'string') read.variable = search['variable'];
  return read;
}

/** Of a page that makes something for a project. */
export function readProjectChoice(search: Record<string, unknown>): { project?: number } {
  const id = Number(search['project']);
  return Number.isSafeInteger(id) && id > 0 ? { project: id } : {};
}
