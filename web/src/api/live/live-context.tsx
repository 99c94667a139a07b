import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef } from 'react';
import { connection } from '../connection';
import { LiveSocket, type Subscriber } from './socket';

const LiveContext = createContext<LiveSocket | null>(null);

function address(): string {
  const scheme = window.location.protocol === 'https:' ? 'wss:' : 'ws:';
  return `${scheme}//${window.location.host}/api/ui/live`;
}

/** A hidden tab gets no animation frames; a timer keeps its cache up to date all the same. */
function schedule(task: () => void): void {
  if (document.visibilityState === 'visible') requestAnimationFrame(task);
  else setTimeout(task, 100);
}

/** Opens the tab's live socket for what is below it, and closes it on sign-out. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const live = useMemo(
    () =>
      new LiveSocket({
        open: () => new WebSocket(address()),
        onState: (state) => connection.set({ live: state }),
        schedule,
      }),
    [],
  );
  useEffect(() => {
    const retry = () => live.reconnectNow();
    const looked = () => {
      if (document.visibilityState === 'visible') live.reconnectNow();
    };
    const drop = () => live.drop();
    window.addEventListener('online', retry);
    window.addEventListener('offline', drop);
    document.addEventListener('visibilitychange', looked);
    return () => {
      window.removeEventListener('online', retry);
      window.removeEventListener('offline', drop);
      document.removeEventListener('visibilitychange', looked);
      live.stop();
    };
  }, [live]);
  return <LiveContext.Provider value={live}>{children}</LiveContext.Provider>;
}

export function useLiveSocket(): LiveSocket {
  const live = useContext(LiveContext);
  if (live === null) throw new Error('useLiveSocket is used outside LiveProvider');
  return live;
}

/** Subscribes while mounted; the handlers may change between renders without resubscribing. */
export function useLiveTopic(topic: string | null, subscriber: Subscriber): void {
  const live = useLiveSocket();
  const current = useRef(subscriber);
  useEffect(() => {
    current.current = subscriber;
  });
  useEffect(() => {
    if (topic === null) return undefined;
    return live.subscribe(topic, {
      onEvents: (events) => current.current.onEvents(events),
      onSync: () => current.current.onSync(),
    });
  }, [live, topic]);
}
