import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { messageOf } from '@/api/errors';
import { CodeBlock } from '@/ui/code-block';
import { CopyText } from '@/ui/copy';
import { Fact, Facts } from '@/ui/facts';
import { Problem } from '@/ui/problem';
import { formatLocal, formatUtc, parseTimestamp } from '@/ui/time';
import css from './audit.module.css';
import { type AuditEntry, entryQuery } from './audit-api';

interface EntryPanelProps {
  account: number;
  id: string;
  known: AuditEntry | undefined;
}

export function EntryPanel({ account, id, known }: EntryPanelProps) {
  const asked = useQuery({ ...entryQuery(account, id), enabled: known === undefined });
  const entry = known ?? asked.data;
  if (entry === undefined) {
    return asked.isError ? (
      <Problem title="The entry could not be read" onRetry={() => void asked.refetch()}>
        {messageOf(asked.error)}
      </Problem>
    ) : (
      <Skeleton height={200} />
    );
  }
  if (entry === null) return <Problem title="There is no such entry" />;
  const { actor, event_context: context } = entry;
  const at = parseTimestamp(entry.created_at);
  return (
    <div className={css.stack}>
      <Facts>
        <Fact name="Event">
          <span className="mono">{entry.event_type}</span>
        </Fact>
        <Fact name="When">
          {at === null ? (
            entry.created_at
          ) : (
            <>
              {formatUtc(at)}
              <br />
              {formatLocal(at)} local
            </>
          )}
        </Fact>
        <Fact name="Who">
          <bdi>{actor.actor_name || '–'}</bdi>
        </Fact>
        <Fact name="Kind of actor">
          {actor.actor_type.replaceAll('_', ' ')} {actor.id !== null && `#${actor.id}`}
        </Fact>
        <Fact name="Address">{actor.actor_ip ?? '–'}</Fact>
        <Fact name="What">
          {context.subject_type.replaceAll('_', ' ')}{' '}
          {context.subject_id !== null && `#${context.subject_id}`}
        </Fact>
        <Fact name="Entry">
          <CopyText text={entry.id} what="entry id">
            <span className="mono">{entry.id}</span>
          </CopyText>
        </Fact>
      </Facts>
      {Object.keys(context.data).length > 0 && (
        <CodeBlock label="details" code={JSON.stringify(context.data, null, 2)} />
      )}
    </div>
  );
}
