export interface IntegrationsSearch {
  /** The side panel: `new`, or an OAuth configuration's id. */
  panel?: 'new' | number;
}

export function readIntegrationsSearch(search: Record<string, unknown>): IntegrationsSearch {
  const { panel } = search;
  if (panel === 'new') return { panel };
  const id = Number(panel);
  return Number.isSafeInteger(id) && id > 0 ? { panel: id } : {};
}
