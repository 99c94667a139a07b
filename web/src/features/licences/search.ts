export interface LicencesSearch {
  map?: number | 'new';
}

/** Which of a list's things is open in the panel beside it. */
export function readOpened(value: unknown): number | 'new' | undefined {
  if (value === 'new') return 'new';
  const id = Number(value);
  return Number.isSafeInteger(id) && id > 0 ? id : undefined;
}

export function readLicencesSearch(raw: Record<string, unknown>): LicencesSearch {
  const map = readOpened(raw['map']);
  return map === undefined ? {} : { map };
}
