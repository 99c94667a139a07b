export interface TokensSearch {
  /** The side panel: `new`, or a token's id. */
  panel?: 'new' | number;
}

export function readTokensSearch(search: Record<string, unknown>): TokensSearch {
  const { panel } = search;
  if (panel === 'new') return { panel };
  const id = Number(panel);
  return Number.isSafeInteger(id) && id > 0 ? { panel: id } : {};
}
