export interface IntegrationsSearch {
  /** The side panel: `new`, or an OAuth configuration's id. */
  panel?: 'new' | number;
  /** What came of a visit to GitHub. */
  github?: string;
}

export function readIntegrationsSearch(search: Record<string, unknown>): IntegrationsSearch {
  const { panel, github } = search;
  const id = Number(panel);
  return {
    ...(panel === 'new' && { panel }),
    ...(Number.isSafeInteger(id) && id > 0 && { panel: id }),
    ...(typeof github === 'string' && { github }),
  };
}
