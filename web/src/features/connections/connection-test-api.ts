import { queryOptions, useMutation, useQuery } from '@tanstack/react-query';
import { ui } from '@/api/client';
import { keys } from '@/api/keys';

export interface ConnectionTest {
  id: number;
  environment_id: number;
  is_complete: boolean;
  ok: boolean | null;
  message: string;
  output: string;
  created_at: string;
  duration: number | null;
}

const pauseMs = 700;

/** Nothing tells of a test's end but the test: it is asked until then. */
function testQuery(account: number, id: number | null) {
  return queryOptions({
    queryKey: keys.of(account, 'connections', 'test', id),
    queryFn: ({ signal }) =>
      ui.get<ConnectionTest>(`/accounts/${account}/connection-tests/${id}/`, { signal }),
    enabled: id !== null,
    refetchInterval: (query) => (query.state.data?.is_complete ? false : pauseMs),
    staleTime: 0,
  });
}

/** Tests what is stored of an environment: its connection, with its credentials and its dbt. */
export function useConnectionTest(account: number) {
  const start = useMutation({
    mutationFn: (environment: number) =>
      ui.post<ConnectionTest>(`/accounts/${account}/environments/${environment}/connection-tests/`),
  });
  const id = start.data?.id ?? null;
  const found = useQuery(testQuery(account, id));
  const test = start.isPending ? undefined : (found.data ?? start.data);
  return {
    start: (environment: number) => start.mutate(environment),
    test,
    error: start.error ?? found.error,
    running: start.isPending || (test !== undefined && !test.is_complete && !found.isError),
  };
}

export type ConnectionTesting = ReturnType<typeof useConnectionTest>;
