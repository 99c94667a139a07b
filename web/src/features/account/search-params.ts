export interface AccountSearch {
  /** Whose settings are shown. */
  client?: string;
}

export function readAccountSearch(search: Record<string, unknown>): AccountSearch {
  const client = search['client'];
  return typeof client === 'string' && client !== '' ? { client } : {};
}
