import { readOpened } from '@/features/licences/search';

export interface IpRulesSearch {
  rule?: number | 'new';
}

export function readIpRulesSearch(raw: Record<string, unknown>): IpRulesSearch {
  const rule = readOpened(raw['rule']);
  return rule === undefined ? {} : { rule };
}
