import { useSyncExternalStore } from 'react';

/**
 * Whether the server answers and whether live updates flow: one small store that the client and the
 * live socket write, and the banner reads.
 */
export interface ConnectionState {
  reachable: boolean;
  live: 'idle' | 'connecting' | 'open' | 'lost';
}

type Listener = () => void;

let state: ConnectionState = { reachable: true, live: 'idle' };
const listeners = new Set<Listener>();

export const connection = {
  get: (): ConnectionState => state,
  set(change: Partial<ConnectionState>): void {
    const next = { ...state, ...change };
    if (next.reachable === state.reachable && next.live === state.live) return;
    state = next;
    for (const listener of listeners) listener();
  },
  subscribe(listener: Listener): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

export function useConnection(): ConnectionState {
  return useSyncExternalStore(connection.subscribe, connection.get);
}
