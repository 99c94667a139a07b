import { readOpened } from '@/features/licences/search';

export interface SsoSearch {
  provider?: number | 'new';
  token?: 'new';
}

export function readSsoSearch(raw: Record<string, unknown>): SsoSearch {
  const provider = readOpened(raw['provider']);
  return {
    ...(provider === undefined ? {} : { provider }),
    ...(raw['token'] === 'new' ? { token: 'new' as const } : {}),
  };
}
