import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { ApiError, messageOf } from '@/api/errors';
import { type Column, DataTable } from '@/ui/data-table';
import { Problem } from '@/ui/problem';
import { TimeAgo } from '@/ui/time-ago';
import type { JobDetail } from '../job-types';
import { type AuditEntry, jobHistoryQuery } from '../jobs-api';
import css from './job-page.module.css';

const words: Record<string, string> = {
  'job.created': 'Created',
  'job.updated': 'Edited',
  'job.deleted': 'Deleted',
};

const columns: readonly Column<AuditEntry>[] = [
  {
    key: 'what',
    title: 'What',
    width: '112px',
    cell: ({ event_type }) => words[event_type] ?? event_type,
  },
  {
    key: 'who',
    title: 'Who',
    width: 'minmax(160px, 1fr)',
    cell: ({ actor }) => (
      <bdi>{actor.actor_name || (actor.actor_type === 'user' ? 'A person' : 'Millwright')}</bdi>
    ),
  },
  {
    key: 'name',
    title: 'Name of the job then',
    width: 'minmax(160px, 1fr)',
    wideOnly: true,
    cell: ({ event_context }) => <bdi>{event_context.data.name ?? '–'}</bdi>,
  },
  {
    key: 'from',
    title: 'From',
    width: '144px',
    wideOnly: true,
    cell: ({ actor }) => <span className="mono">{actor.actor_ip ?? '–'}</span>,
  },
  {
    key: 'when',
    title: 'When',
    width: '120px',
    cell: ({ created_at }) => <TimeAgo at={created_at} />,
  },
];

/** Who made and edited the job, as the audit log has it. */
export function HistoryTab({ account, job }: { account: number; job: JobDetail }) {
  const history = useInfiniteQuery(jobHistoryQuery(account, job));
  const entries = history.data?.pages.flatMap((page) => page.entries);
  if (history.isError && entries === undefined) {
    const forbidden = history.error instanceof ApiError && history.error.kind === 'forbidden';
    return forbidden ? (
      <Problem title="You may not read the audit log">
        Who edited this job stands in the audit log of the account. Whoever administers it can read
        it, and can permit you to.
      </Problem>
    ) : (
      <Problem title="The history could not be read" onRetry={() => void history.refetch()}>
        {messageOf(history.error)}
      </Problem>
    );
  }
  return (
    <div className={css.column}>
      {entries?.length === 0 && !history.hasNextPage ? (
        <p className={css.dim}>The audit log has nothing about this job.</p>
      ) : (
        <DataTable
          label="Settings history"
          columns={columns}
          rows={entries}
          rowKey={({ id }) => id}
          inline
        />
      )}
      {history.hasNextPage && (
        <div>
          <Button
            variant="default"
            loading={history.isFetchingNextPage}
            onClick={() => void history.fetchNextPage()}
          >
            Look further back
          </Button>
        </div>
      )}
    </div>
  );
}
