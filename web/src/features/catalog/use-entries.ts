import { useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import { type Environment, type Hit, lineageQuery, searchQuery, sourcesQuery } from './catalog-api';
import { type Entry, entryKey, entryOf, inOrder } from './entries';

export interface Entries {
  entries: Entry[];
  pending: boolean;
  error: Error | null;
  retry: () => void;
}

/** All nodes of these environments, with what is known of each; read once per environment. */
export function useEntries(account: number, environments: readonly Environment[]): Entries {
  const lineages = useQueries({
    queries: environments.map(({ id }) => lineageQuery(account, id)),
    combine: (answers) => ({
      data: answers.map(({ data }) => data?.nodes),
      pending: answers.some(({ isPending }) => isPending),
      error: answers.find(({ data, error }) => data === undefined && error)?.error ?? null,
      retry: () => {
        for (const answer of answers) if (answer.isError) void answer.refetch();
      },
    }),
  });
  const sources = useQueries({
    queries: environments.map(({ id }) => sourcesQuery(account, id)),
    combine: (answers) => answers.map(({ data }) => data),
  });
  const entries = useMemo(
    () =>
      inOrder(
        environments.flatMap((environment, place) => {
          const checked = new Map(
            sources[place]?.map((one) => [one.uniqueId, one.freshness?.freshnessStatus ?? null]),
          );
          return (lineages.data[place] ?? []).map((node) =>
            entryOf(environment, node, checked.get(node.uniqueId) ?? null),
          );
        }),
      ),
    [environments, lineages.data, sources],
  );
  return { entries, pending: lineages.pending, error: lineages.error, retry: lineages.retry };
}

const mostHits = 500;

/** Where the columns' names or descriptions hold the words: only the server knows those. */
export function useColumnHits(
  account: number,
  environments: readonly Environment[],
  text: string,
): { found: ReadonlySet<string>; searching: boolean } {
  const search = { text: text.trim().slice(0, 200), fields: ['column'] as const, first: mostHits };
  const { hits, searching } = useQueries({
    queries: environments.map(({ id }) => searchQuery(account, id, search)),
    combine: (answers) => ({
      hits: answers.flatMap(({ data }): Hit[] => data ?? []),
      searching: answers.some(({ isFetching }) => isFetching),
    }),
  });
  const found = useMemo(
    () => new Set(hits.map(({ environment, uniqueId }) => entryKey(environment, uniqueId))),
    [hits],
  );
  return { found, searching };
}
