export interface UsersSearch {
  view?: 'invitations';
  q?: string;
  panel?: 'invite';
}

export function readUsersSearch(raw: Record<string, unknown>): UsersSearch {
  return {
    ...(raw['view'] === 'invitations' ? { view: 'invitations' as const } : {}),
    ...(typeof raw['q'] === 'string' && raw['q'] !== '' ? { q: raw['q'] } : {}),
    ...(raw['panel'] === 'invite' ? { panel: 'invite' as const } : {}),
  };
}
