import { messageOf } from '@/api/errors';
import { StateIcon } from '@/ui/state-icon';
import css from './git-host.module.css';
import type { LinkTest } from './git-hosts-api';

interface TestResultProps {
  test: LinkTest | undefined;
  error: unknown;
}

/** What the host said of the token, in its own words. */
export function TestResult({ test, error }: TestResultProps) {
  if (error)
    return (
      <p role="alert" className={css.wrong}>
        The test could not be made. {messageOf(error)}
      </p>
    );
  if (test === undefined) return null;
  return (
    <div className={css.tested} role="status" aria-label="Test of the token">
      <ul className={css.checks}>
        {test.checks.map(({ what, ok, says }) => (
          <li key={what} className={css.check}>
            <StateIcon state={ok === null ? 'warning' : ok ? 'success' : 'error'} size={16} />
            <span dir="auto">{says}</span>
          </li>
        ))}
      </ul>
      {test.who !== null && (
        <p className={css.note}>
          The token is of <bdi>{test.who}</bdi>.
        </p>
      )}
      {test.note !== null && <p className={css.note}>{test.note}</p>}
    </div>
  );
}
