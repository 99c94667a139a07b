import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { messageOf } from '@/api/errors';
import { CodeBlock } from '@/ui/code-block';
import { CopyText } from '@/ui/copy';
import { Problem } from '@/ui/problem';
import { StateBadge } from '@/ui/state-badge';
import { TimeAgo } from '@/ui/time-ago';
import { deliveryState, pretty, timeOfMicros } from './event-facts';
import css from './webhooks.module.css';
import { type Receipt, receiptsQuery } from './webhooks-api';

interface EventPanelProps {
  account: number;
  subscription: string;
  event: string;
}

/** Each try to deliver an event, and what was sent. */
export function EventPanel({ account, subscription, event }: EventPanelProps) {
  const receipts = useQuery(receiptsQuery(account, subscription, event));
  const first = receipts.data?.[0];
  return (
    <div className={`${css.stack} ${css.wrapped}`}>
      <CopyText text={event} what="event id">
        <span className="mono">{event}</span>
      </CopyText>
      {receipts.isError && receipts.data === undefined ? (
        <Problem title="The receipts could not be read" onRetry={() => void receipts.refetch()}>
          {messageOf(receipts.error)}
        </Problem>
      ) : receipts.data === undefined ? (
        <Skeleton height={160} />
      ) : first === undefined ? (
        <p className={css.note}>No try has been made yet.</p>
      ) : (
        <>
          <ol className={css.attempts}>
            {receipts.data.map((receipt, place) => (
              <Attempt key={receipt.id} receipt={receipt} number={place + 1} />
            ))}
          </ol>
          <div>
            <p className={css.label}>Sent: headers</p>
            <CodeBlock label="headers" code={pretty(first.request_headers)} />
          </div>
          <div>
            <p className={css.label}>Sent: body</p>
            <CodeBlock label="body" code={pretty(first.request_body)} />
          </div>
        </>
      )}
    </div>
  );
}

function Attempt({ receipt, number }: { receipt: Receipt; number: number }) {
  const code = Number(receipt.http_status_code);
  const { state, word } = deliveryState(receipt.http_status_code);
  return (
    <li className={css.attempt}>
      <div className={css.line}>
        <strong>Try {number}</strong>
        <StateBadge state={state} word={code === 0 ? word : `${word}: ${code}`} variant="plain" />
        <TimeAgo at={timeOfMicros(receipt.dispatched_at)} />
      </div>
      {receipt.error_info !== '' && <p className={css.wrong}>{receipt.error_info}</p>}
      {receipt.response_body !== '' && (
        <div>
          <p className={css.label}>The receiver’s answer</p>
          <CodeBlock label="answer" code={pretty(receipt.response_body)} />
        </div>
      )}
    </li>
  );
}
