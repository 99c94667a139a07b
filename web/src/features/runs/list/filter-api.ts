import { queryOptions } from '@tanstack/react-query';
import { v2, v3 } from '@/api/client';
import { keys, type Noun } from '@/api/keys';

/** What a run belongs to, by which the server filters runs. */
export type ThingKind = 'project' | 'environment' | 'job';

export interface Thing {
  id: number;
  name: string;
}

/** Filters that are set already: an environment of another project would never match. */
export interface Narrowing {
  project: number | null;
  environment: number | null;
}

const nouns: Record<ThingKind, Noun> = {
  project: 'projects',
  environment: 'environments',
  job: 'jobs',
};

/** No more is shown at once; typing finds the rest. */
const atOnce = 50;

function read(account: number, kind: ThingKind, query: Query, signal: AbortSignal) {
  const client = kind === 'job' ? v2 : v3;
  return client.get<Thing[]>(`/accounts/${account}/${nouns[kind]}/`, { query, signal });
}

type Query = Record<string, string | number | undefined>;

export function choicesQuery(account: number, kind: ThingKind, by: Narrowing, text: string) {
  return queryOptions({
    queryKey: keys.of(account, nouns[kind], 'choices', by, text),
    queryFn: async ({ signal }): Promise<Thing[]> => {
      const query = {
        limit: atOnce,
        order_by: 'name',
        name__icontains: text === '' ? undefined : text,
        project_id: kind === 'project' ? undefined : (by.project ?? undefined),
        environment_id: kind === 'job' ? (by.environment ?? undefined) : undefined,
      };
      return (await read(account, kind, query, signal)).data;
    },
    staleTime: 30_000,
  });
}

/** The name of what a list is filtered by; `null` where there is no such thing, or it may not be seen. */
export function thingQuery(account: number, kind: ThingKind, id: number) {
  return queryOptions({
    queryKey: keys.of(account, nouns[kind], 'choice', id),
    queryFn: async ({ signal }): Promise<string | null> => {
      const { data } = await read(account, kind, { id, limit: 1 }, signal);
      return data.find((thing) => thing.id === id)?.name ?? null;
    },
    staleTime: 60_000,
  });
}
