export interface ProfileSearch {
  token?: 'new';
}

export function readProfileSearch(raw: Record<string, unknown>): ProfileSearch {
  return raw['token'] === 'new' ? { token: 'new' } : {};
}
