import { IconPlugConnectedX } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useConnection } from '@/api/connection';
import css from './connection-banner.module.css';

/** A blink of the connection is not worth a word. */
const patienceMs = 2_000;

function useLasting(condition: boolean): boolean {
  const [lasting, setLasting] = useState(false);
  useEffect(() => {
    if (!condition) {
      setLasting(false);
      return undefined;
    }
    const timer = setTimeout(() => setLasting(true), patienceMs);
    return () => clearTimeout(timer);
  }, [condition]);
  return condition && lasting;
}

/** Says that the network or the live updates are gone, and that the page takes care of it. */
export function ConnectionBanner() {
  const { reachable, live } = useConnection();
  const shown = useLasting(!reachable || live === 'lost');
  return (
    <div role="status" className={css.place}>
      {shown && (
        <div className={css.banner}>
          <IconPlugConnectedX size={16} aria-hidden="true" />
          {reachable
            ? 'Live updates are interrupted. Reconnecting…'
            : 'Millwright cannot be reached. Retrying by itself; what you see may be out of date.'}
        </div>
      )}
    </div>
  );
}
