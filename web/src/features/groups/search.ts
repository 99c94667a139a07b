export interface GroupSearch {
  panel?: 'sets';
}

export function readGroupSearch(raw: Record<string, unknown>): GroupSearch {
  return raw['panel'] === 'sets' ? { panel: 'sets' } : {};
}
