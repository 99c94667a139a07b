import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { messageOf } from '@/api/errors';
import { AboveLink, type Column, DataTable, rowLink } from '@/ui/data-table';
import { Section } from '@/ui/page';
import { Problem } from '@/ui/problem';
import { StateBadge } from '@/ui/state-badge';
import { TimeAgo } from '@/ui/time-ago';
import { deliveryState, eventFacts, eventWord } from './event-facts';
import css from './webhooks.module.css';
import { eventsQuery, type WebhookEvent } from './webhooks-api';

function columnsOf(account: number): Column<WebhookEvent>[] {
  return [
    {
      key: 'event',
      title: 'Event',
      width: 'minmax(120px, 1fr)',
      cell: (event) => (
        <Link className={rowLink} to="." search={{ event: event.id }}>
          {eventWord(event.trigger_event_type)}
          {eventFacts(event).test && ' (test)'}
        </Link>
      ),
    },
    {
      key: 'run',
      title: 'Run',
      width: 'minmax(120px, 2fr)',
      cell: (event) => {
        const { run, project, jobName, test } = eventFacts(event);
        if (test || run === null || project === null) return '–';
        return (
          <>
            <AboveLink>
              <Link
                to="/deploy/$account/projects/$project/runs/$run"
                params={{ account, project, run }}
              >
                #{run}
              </Link>
            </AboveLink>{' '}
            <bdi>{jobName}</bdi>
          </>
        );
      },
    },
    {
      key: 'outcome',
      title: 'Delivery',
      width: 'minmax(120px, 1fr)',
      cell: (event) => {
        const { state, word } = deliveryState(event.http_status_code);
        const code = Number(event.http_status_code);
        return (
          <StateBadge state={state} word={code === 0 ? word : `${word}: ${code}`} variant="plain" />
        );
      },
    },
    {
      key: 'at',
      title: 'When',
      width: '112px',
      wideOnly: true,
      cell: (event) => (
        <AboveLink>
          <TimeAgo at={eventFacts(event).at} />
        </AboveLink>
      ),
    },
  ];
}

/** What was sent, or is on its way, the latest first. */
export function Deliveries({ account, subscription }: { account: number; subscription: string }) {
  const list = useInfiniteQuery(eventsQuery(account, subscription));
  const events = list.data?.pages.flatMap((page) => page.events);
  return (
    <Section
      title="Deliveries"
      help="A try that fails is repeated with growing pauses. Receipts are kept for 30 days."
      actions={
        <Button
          variant="default"
          loading={list.isRefetching && !list.isFetchingNextPage}
          onClick={() => void list.refetch()}
        >
          Look again
        </Button>
      }
    >
      {list.isError && events === undefined ? (
        <Problem title="The events could not be read" onRetry={() => void list.refetch()}>
          {messageOf(list.error)}
        </Problem>
      ) : events?.length === 0 ? (
        <p className={css.note}>
          Nothing has been sent yet. Send a test, or wait for a run of one of its jobs.
        </p>
      ) : (
        <>
          <DataTable
            inline
            label="Deliveries"
            columns={columnsOf(account)}
            rows={events}
            rowKey={({ id }) => id}
            total={list.data?.pages[0]?.total ?? 0}
          />
          {list.hasNextPage && (
            <div>
              <Button
                variant="default"
                loading={list.isFetchingNextPage}
                onClick={() => void list.fetchNextPage()}
              >
                Show older events
              </Button>
            </div>
          )}
        </>
      )}
    </Section>
  );
}
