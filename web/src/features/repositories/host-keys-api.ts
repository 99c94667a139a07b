import { queryOptions } from '@tanstack/react-query';
import { v3 } from '@/api/client';
import { keys } from '@/api/keys';
import { readAll, useAct } from '../projects/act';

/** What an SSH host showed when a run first came to it, and must show since. */
export interface HostKey {
  id: number;
  hostname: string;
  port: number;
  key_type: string;
  fingerprint: string;
  first_seen_at: string;
}

const usualPort = 22;

export function hostKeysQuery(account: number) {
  return queryOptions({
    queryKey: keys.of(account, 'ssh-host-keys', 'list'),
    queryFn: ({ signal }) => readAll<HostKey>('v3', `/accounts/${account}/ssh-host-keys/`, signal),
  });
}

export const useForgetHostKey = (account: number) =>
  useAct(account, ['ssh-host-keys'], async (id: number) => {
    await v3.delete(`/accounts/${account}/ssh-host-keys/${id}/`);
  });

/** As people write it: the port only where it is another than ssh's own. */
export function hostName({ hostname, port }: Pick<HostKey, 'hostname' | 'port'>): string {
  if (port === usualPort) return hostname;
  return hostname.includes(':') ? `[${hostname}]:${port}` : `${hostname}:${port}`;
}
