import { useEffect, useRef } from 'react';
import { messageOf } from '@/api/errors';
import { plainText } from '@/ui/log-view/ansi';
import { StateBadge } from '@/ui/state-badge';
import type { ConnectionTesting } from './connection-test-api';
import css from './connections.module.css';

/** How a test of a connection stands, in the adapter's own words. */
export function TestResult({ testing }: { testing: ConnectionTesting }) {
  const { test, error, running } = testing;
  const root = useRef<HTMLDivElement>(null);
  const over = test?.is_complete === true;
  // It stands below a long form, whose button began it.
  useEffect(() => {
    if (running || over) root.current?.scrollIntoView({ block: 'nearest' });
  }, [running, over]);
  if (test === undefined && error === null && !running) return null;
  if (error !== null && !running)
    return (
      <div className={css.test} role="alert">
        <div className={css.testHead}>
          <StateBadge state="error" word="The test could not be made" />
        </div>
        <p className={css.said}>{messageOf(error)}</p>
      </div>
    );
  return (
    <div className={css.test} ref={root} role="status" aria-label="Connection test">
      <div className={css.testHead}>
        {running ? (
          <StateBadge state="running" word="Testing the connection" />
        ) : (
          <StateBadge
            state={test?.ok ? 'success' : 'error'}
            word={test?.ok ? 'The connection works' : 'The connection does not work'}
          />
        )}
        {test?.duration != null && (
          <span className={`${css.testTime} tabular`}>{test.duration.toFixed(1)} s</span>
        )}
      </div>
      {running && (
        <p className={css.plain}>
          dbt connects to the warehouse with these credentials. This takes some seconds.
        </p>
      )}
      {test?.is_complete && <p className={css.said}>{plainText(test.message)}</p>}
      {test?.is_complete && test.output !== '' && (
        <details>
          <summary className={css.summary}>What dbt said</summary>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be reached by keys. */}
          <pre className={css.output} tabIndex={0}>
            {plainText(test.output)}
          </pre>
        </details>
      )}
    </div>
  );
}
