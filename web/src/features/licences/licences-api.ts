import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { v2, v3 } from '@/api/client';
import { keys } from '@/api/keys';
import type { Licence } from '@/features/groups/effective';
import { readAll } from '@/features/users/read-all';

export interface Seats {
  limited: boolean;
  over_limit: boolean;
  total: number;
  in_use: number;
  available: number;
}

export interface LicenceMap {
  id: number;
  license_type: Licence;
  sso_license_mapping_groups: string[];
}

export function seatsQuery(account: number) {
  return queryOptions({
    queryKey: keys.of(account, 'licences', 'seats'),
    queryFn: async ({ signal }): Promise<Record<string, Seats>> => {
      const path = `/accounts/${account}/licenses/`;
      return (await v2.get<Record<string, Seats>[]>(path, { signal })).data[0] ?? {};
    },
  });
}

export function licenceMapsQuery(account: number) {
  return queryOptions({
    queryKey: keys.of(account, 'licences', 'maps'),
    queryFn: ({ signal }) => readAll<LicenceMap>(`/accounts/${account}/license-maps/`, {}, signal),
  });
}

function useMapMutation<Input>(account: number, act: (path: string, input: Input) => unknown) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (input: Input) => act(`/accounts/${account}/license-maps/`, input),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.of(account, 'licences', 'maps') }),
  });
}

/** null: a new one. */
export function useSaveLicenceMap(account: number, map: number | null) {
  return useMapMutation(account, (path, body: Omit<LicenceMap, 'id'>) =>
    v3.post(map === null ? path : `${path}${map}/`, { body }),
  );
}

export function useDeleteLicenceMap(account: number) {
  return useMapMutation(account, (path, map: number) => v3.delete(`${path}${map}/`));
}
