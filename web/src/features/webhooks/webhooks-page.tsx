import { Button } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { messageOf } from '@/api/errors';
import { AboveLink, type Column, DataTable, rowLink } from '@/ui/data-table';
import { Empty } from '@/ui/empty';
import { Page } from '@/ui/page';
import { PageHeader } from '@/ui/page-header';
import { Problem } from '@/ui/problem';
import { SidePanel } from '@/ui/side-panel';
import { StateBadge } from '@/ui/state-badge';
import { TimeAgo } from '@/ui/time-ago';
import { jobNamesQuery } from '../account/names-api';
import { eventWord, timeOfMicros } from './event-facts';
import { NewSubscriptionPanel } from './new-subscription-panel';
import { type Subscription, subscriptionsQuery } from './webhooks-api';

export function ActiveBadge({ subscription }: { subscription: Subscription }) {
  return subscription.active ? (
    <StateBadge state="success" word="Active" variant="plain" />
  ) : (
    <StateBadge
      state={subscription.deactivate_reason ? 'error' : 'cancelled'}
      word="Off"
      variant="plain"
    />
  );
}

function useColumns(account: number): Column<Subscription>[] {
  const { data: jobs } = useQuery(jobNamesQuery(account));
  return useMemo(() => {
    const names = new Map((jobs ?? []).map(({ id, name }) => [String(id), name]));
    return [
      {
        key: 'name',
        title: 'Name',
        width: 'minmax(120px, 2fr)',
        cell: ({ id, name }) => (
          <Link
            className={rowLink}
            to="/settings/$account/webhooks/$subscription"
            params={{ account, subscription: id }}
          >
            <bdi>{name}</bdi>
          </Link>
        ),
      },
      {
        key: 'url',
        title: 'URL',
        width: 'minmax(120px, 3fr)',
        wideOnly: true,
        cell: ({ client_url }) => client_url,
      },
      {
        key: 'events',
        title: 'Events',
        width: 'minmax(96px, 1.5fr)',
        wideOnly: true,
        cell: ({ event_types }) => event_types.map(eventWord).join(', '),
      },
      {
        key: 'jobs',
        title: 'Jobs',
        width: 'minmax(80px, 1.5fr)',
        wideOnly: true,
        cell: ({ job_ids }) =>
          job_ids.length === 0 ? 'all' : job_ids.map((id) => names.get(id) ?? `#${id}`).join(', '),
      },
      {
        key: 'sent',
        title: 'Last sent',
        width: '96px',
        wideOnly: true,
        cell: ({ dispatched_at }) => (
          <AboveLink>
            <TimeAgo at={timeOfMicros(dispatched_at)} absent="never" />
          </AboveLink>
        ),
      },
      {
        key: 'active',
        title: 'State',
        width: 'minmax(80px, 1.5fr)',
        cell: (subscription) => (
          <span title={subscription.deactivate_reason ?? undefined}>
            <ActiveBadge subscription={subscription} />{' '}
            {!subscription.active && subscription.deactivate_reason}
          </span>
        ),
      },
    ];
  }, [account, jobs]);
}

export function WebhooksPage() {
  useDocumentTitle('Webhooks · Millwright');
  const { account } = useParams({ from: '/signed-in/settings/$account/webhooks' });
  const { panel } = useSearch({ from: '/signed-in/settings/$account/webhooks' });
  const navigate = useNavigate({ from: '/settings/$account/webhooks' });
  const list = useQuery(subscriptionsQuery(account));
  const columns = useColumns(account);
  const close = () => void navigate({ search: {} });
  const create = (
    <Button
      renderRoot={(props) => (
        <Link
          to="/settings/$account/webhooks"
          params={{ account }}
          search={{ panel: 'new' }}
          {...props}
        />
      )}
    >
      Create a webhook
    </Button>
  );
  return (
    <Page kind="list">
      <PageHeader
        title="Webhooks"
        facts="Tell another system of runs as they start, end and fail."
        actions={create}
      />
      {list.isError && list.data === undefined ? (
        <Problem title="The webhooks could not be read" onRetry={() => void list.refetch()}>
          {messageOf(list.error)}
        </Problem>
      ) : list.data?.length === 0 ? (
        <Empty title="No webhooks yet" action={create}>
          A webhook posts a signed JSON message to a URL when a run starts, completes or fails: to
          start what comes next, to open a ticket, or to tell a chat. What was written for dbt
          Cloud’s webhooks understands these.
        </Empty>
      ) : (
        <DataTable label="Webhooks" columns={columns} rows={list.data} rowKey={({ id }) => id} />
      )}
      <SidePanel title="New webhook" opened={panel === 'new'} onClose={close}>
        <NewSubscriptionPanel account={account} onClose={close} />
      </SidePanel>
    </Page>
  );
}
