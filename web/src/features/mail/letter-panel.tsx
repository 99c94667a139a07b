import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { runQuery } from '@/features/runs/runs-api';
import { Fact, Facts } from '@/ui/facts';
import { ErrorSummary } from '@/ui/form/form';
import { StateBadge } from '@/ui/state-badge';
import { TimeAgo } from '@/ui/time-ago';
import { outgoingState } from '../outbox/outbox-facts';
import { kindWord } from './letter-facts';
import css from './mail.module.css';
import { type Letter, useSendAgain } from './mail-api';

interface LetterPanelProps {
  account: number;
  letter: Letter;
  onClose: () => void;
}

/** All of a letter that a row has no room for. */
export function LetterPanel({ account, letter, onClose }: LetterPanelProps) {
  const again = useSendAgain(account);
  const { run_id, status } = letter;
  return (
    <div className={css.stack}>
      <StateBadge {...outgoingState(status)} />
      <div className={css.facts}>
        <Facts>
          <Fact name="To">
            <bdi>{letter.recipient}</bdi>
          </Fact>
          <Fact name="Kind">{kindWord(letter.kind)}</Fact>
          {letter.subject !== '' && (
            <Fact name="Subject">
              <bdi>{letter.subject}</bdi>
            </Fact>
          )}
          {run_id !== null && (
            <Fact name="Run">
              <RunLink account={account} run={run_id} />
            </Fact>
          )}
          <Fact name="Tries">{letter.attempts}</Fact>
          {letter.last_error && <Fact name="Last error">{letter.last_error}</Fact>}
          <Fact name="Made">
            <TimeAgo at={letter.created_at} />
          </Fact>
          {status === 'pending' ? (
            <Fact name="Next try">
              <TimeAgo at={letter.next_try_at} />
            </Fact>
          ) : (
            <Fact name={status === 'sent' ? 'Sent' : 'Given up'}>
              <TimeAgo at={letter.ended_at} />
            </Fact>
          )}
        </Facts>
      </div>
      {again.error && <ErrorSummary error={again.error} shown={[]} />}
      {status === 'failed' && (
        <Button
          variant="default"
          loading={again.isPending}
          onClick={() => again.mutate(letter.id, { onSuccess: onClose })}
        >
          Try again
        </Button>
      )}
    </div>
  );
}

/** A run's address names its project, which the run itself has to tell. */
function RunLink({ account, run }: { account: number; run: number }) {
  const { data } = useQuery(runQuery(account, run));
  if (data === undefined) return `#${run}`;
  return (
    <Link
      to="/deploy/$account/projects/$project/runs/$run"
      params={{ account, project: data.project_id, run }}
    >
      #{run}
    </Link>
  );
}
