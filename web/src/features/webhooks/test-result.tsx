import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CodeBlock } from '@/ui/code-block';
import { StateBadge } from '@/ui/state-badge';
import { pretty } from './event-facts';
import css from './webhooks.module.css';
import { receiptsQuery, type TestOutcome } from './webhooks-api';

interface TestResultProps {
  account: number;
  subscription: string;
  outcome: TestOutcome;
}

/** What the receiver said to a test. */
export function TestResult({ account, subscription, outcome }: TestResultProps) {
  const { data: receipts } = useQuery(receiptsQuery(account, subscription, outcome.event_id));
  const answer = receipts?.at(-1)?.response_body ?? '';
  const code = Number(outcome.http_status_code);
  const taken = code >= 200 && code < 300;
  return (
    <section className={css.outcome} role="status" aria-label="Result of the test">
      <div className={css.line}>
        <StateBadge
          state={taken ? 'success' : 'error'}
          word={taken ? `The receiver took it: ${code}` : 'The test was not taken'}
          variant="plain"
        />
        <Link to="." search={{ event: outcome.event_id }}>
          What was sent
        </Link>
      </div>
      {outcome.error_info !== '' && <p className={css.wrong}>{outcome.error_info}</p>}
      {answer !== '' && (
        <div>
          <p className={css.label}>The receiver’s own words</p>
          <CodeBlock label="answer" code={pretty(answer)} />
        </div>
      )}
    </section>
  );
}
