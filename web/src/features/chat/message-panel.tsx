import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Fact, Facts } from '@/ui/facts';
import { ErrorSummary } from '@/ui/form/form';
import { StateBadge } from '@/ui/state-badge';
import { TimeAgo } from '@/ui/time-ago';
import { outgoingState } from '../outbox/outbox-facts';
import css from './chat.module.css';
import { type ChatMessage, useSendMessageAgain } from './chat-api';
import { messageTo, serviceWord } from './chat-facts';

interface MessagePanelProps {
  account: number;
  message: ChatMessage;
  onClose: () => void;
}

/** All of a message that a row has no room for. */
export function MessagePanel({ account, message, onClose }: MessagePanelProps) {
  const again = useSendMessageAgain(account);
  const { status, run_id } = message;
  return (
    <div className={css.stack}>
      <StateBadge {...outgoingState(status)} />
      <Facts>
        <Fact name="To">
          <bdi>{messageTo(message)}</bdi>
        </Fact>
        <Fact name="By">
          {serviceWord[message.service]}
          {message.service === 'slack' && ` (${message.destination})`}
        </Fact>
        <Fact name="Job">
          <bdi>{message.job_name}</bdi>
        </Fact>
        <Fact name="Run">
          <Link
            to="/deploy/$account/projects/$project/runs/$run"
            params={{ account, project: message.project_id, run: run_id }}
          >
            #{run_id}
          </Link>
        </Fact>
        <Fact name="Tries">{message.attempts}</Fact>
        {message.last_error && <Fact name="Last error">{message.last_error}</Fact>}
        <Fact name="Made">
          <TimeAgo at={message.created_at} />
        </Fact>
        {status === 'pending' ? (
          <Fact name="Next try">
            <TimeAgo at={message.next_try_at} />
          </Fact>
        ) : (
          <Fact name={status === 'sent' ? 'Sent' : 'Given up'}>
            <TimeAgo at={message.ended_at} />
          </Fact>
        )}
      </Facts>
      {again.error && <ErrorSummary error={again.error} shown={[]} />}
      {status === 'failed' && (
        <div>
          <Button
            variant="default"
            loading={again.isPending}
            onClick={() => again.mutate(message.id, { onSuccess: onClose })}
          >
            Try again
          </Button>
        </div>
      )}
    </div>
  );
}
