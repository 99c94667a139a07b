import { queryOptions } from '@tanstack/react-query';
import { type Query, v2, v3 } from '@/api/client';
import type { Envelope } from '@/api/envelope';
import { keys } from '@/api/keys';

/** What forms and filters of the settings let one choose from: all there is, by name. */

export interface Named {
  id: number;
  name: string;
}

export interface JobName extends Named {
  project_id: number;
}

export interface EnvironmentName extends Named {
  project_id: number;
}

export interface Person {
  id: number;
  email: string;
  first_name: string;
  last_name: string;
}

const pageSize = 100;
/** A list to choose from ends somewhere: past this many names one would search, not scroll. */
const most = 5_000;

/** All pages of a list. */
export async function readAll<T>(read: (query: Query) => Promise<Envelope<T[]>>): Promise<T[]> {
  const rows: T[] = [];
  for (;;) {
    const { data, extra } = await read({ limit: pageSize, offset: rows.length });
    rows.push(...data);
    const total = extra?.pagination?.total_count ?? rows.length;
    if (data.length === 0 || rows.length >= total || rows.length >= most) return rows;
  }
}

export function projectNamesQuery(account: number) {
  return queryOptions({
    queryKey: keys.of(account, 'projects', 'to-choose'),
    queryFn: ({ signal }) =>
      readAll((query) => v3.get<Named[]>(`/accounts/${account}/projects/`, { query, signal })),
  });
}

export function jobNamesQuery(account: number) {
  return queryOptions({
    queryKey: keys.of(account, 'jobs', 'to-choose'),
    queryFn: ({ signal }) =>
      readAll((query) => v2.get<JobName[]>(`/accounts/${account}/jobs/`, { query, signal })),
  });
}

export function environmentNamesQuery(account: number) {
  return queryOptions({
    queryKey: keys.of(account, 'environments', 'to-choose'),
    queryFn: ({ signal }) =>
      readAll((query) =>
        v2.get<EnvironmentName[]>(`/accounts/${account}/environments/`, { query, signal }),
      ),
  });
}

export function peopleQuery(account: number) {
  return queryOptions({
    queryKey: keys.of(account, 'users', 'to-choose'),
    queryFn: ({ signal }) =>
      readAll((query) => v3.get<Person[]>(`/accounts/${account}/users/`, { query, signal })),
  });
}

/** Permission sets and what they are called. */
export function permissionSetsQuery(account: number) {
  return queryOptions({
    queryKey: keys.of(account, 'settings', 'permission-sets'),
    queryFn: async ({ signal }): Promise<Record<string, string>> =>
      (
        await v2.get<{ permission_sets: Record<string, string> }>('/constants/', {
          signal,
        })
      ).data.permission_sets,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function nameOfPerson(person: Person): string {
  const name = `${person.first_name} ${person.last_name}`.trim();
  return name === '' ? person.email : name;
}
