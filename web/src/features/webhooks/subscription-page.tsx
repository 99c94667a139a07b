import { Button, Skeleton } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { messageOf } from '@/api/errors';
import { ConfirmButton } from '@/ui/confirm-button';
import { CopyText } from '@/ui/copy';
import { Fact, Facts } from '@/ui/facts';
import { Page } from '@/ui/page';
import { PageHeader } from '@/ui/page-header';
import { Problem } from '@/ui/problem';
import { SidePanel } from '@/ui/side-panel';
import { TimeAgo } from '@/ui/time-ago';
import { jobNamesQuery } from '../account/names-api';
import { Deliveries } from './deliveries';
import { eventWord, timeOfMicros } from './event-facts';
import { EventPanel } from './event-panel';
import { SubscriptionForm } from './subscription-form';
import { TestResult } from './test-result';
import css from './webhooks.module.css';
import {
  type Subscription,
  subscriptionQuery,
  useChangeSubscription,
  useTestSubscription,
  useUnsubscribe,
} from './webhooks-api';
import { ActiveBadge } from './webhooks-page';

const route = '/signed-in/settings/$account/webhooks/$subscription';

export function SubscriptionPage() {
  const { account, subscription: id } = useParams({ from: route });
  const found = useQuery(subscriptionQuery(account, id));
  useDocumentTitle(`${found.data?.name ?? 'Webhook'} · Millwright`);
  if (found.data !== undefined) {
    return <Loaded key={id} account={account} subscription={found.data} />;
  }
  return (
    <Page>
      {found.isError ? (
        <Problem title="The webhook could not be read" onRetry={() => void found.refetch()}>
          {messageOf(found.error)}
        </Problem>
      ) : (
        <>
          <PageHeader title={<Skeleton width={180} height={20} />} />
          <Skeleton height={200} />
        </>
      )}
    </Page>
  );
}

interface LoadedProps {
  account: number;
  subscription: Subscription;
}

function Loaded({ account, subscription }: LoadedProps) {
  const { id } = subscription;
  const { panel, event } = useSearch({ from: route });
  const navigate = useNavigate({ from: '/settings/$account/webhooks/$subscription' });
  const test = useTestSubscription(account, id);
  const close = () => void navigate({ search: {} });
  return (
    <Page>
      <PageHeader
        title={<bdi>{subscription.name}</bdi>}
        aside={<ActiveBadge subscription={subscription} />}
        actions={
          <>
            <Button variant="default" loading={test.isPending} onClick={() => test.mutate({})}>
              Send a test
            </Button>
            <Button
              variant="default"
              renderRoot={(props) => <Link to="." search={{ panel: 'edit' }} {...props} />}
            >
              Edit
            </Button>
            <Switches account={account} subscription={subscription} />
          </>
        }
      />
      {test.error && <Problem title="The test could not be sent">{messageOf(test.error)}</Problem>}
      {test.data && <TestResult account={account} subscription={id} outcome={test.data} />}
      <SubscriptionFacts account={account} subscription={subscription} />
      <Deliveries account={account} subscription={id} />
      <SidePanel title="Edit this webhook" opened={panel === 'edit'} onClose={close}>
        <EditPanel account={account} subscription={subscription} onClose={close} />
      </SidePanel>
      <SidePanel title="Deliveries of an event" opened={event !== undefined} onClose={close}>
        {event !== undefined && <EventPanel account={account} subscription={id} event={event} />}
      </SidePanel>
    </Page>
  );
}

function EditPanel({ account, subscription, onClose }: LoadedProps & { onClose: () => void }) {
  const change = useChangeSubscription(account, subscription.id);
  return (
    <SubscriptionForm
      account={account}
      subscription={subscription}
      submitWord="Save"
      pending={change.isPending}
      error={change.error}
      saved={change.isSuccess}
      onSubmit={(input, onRefused) =>
        change.mutate(input, { onSuccess: onClose, onError: onRefused })
      }
      onCancel={onClose}
    />
  );
}

/** On and off, and away. */
function Switches({ account, subscription }: LoadedProps) {
  const navigate = useNavigate({ from: '/settings/$account/webhooks/$subscription' });
  const change = useChangeSubscription(account, subscription.id);
  const unsubscribe = useUnsubscribe(account);
  return (
    <>
      {subscription.active ? (
        <ConfirmButton
          word="Switch off"
          question={`Switch ${subscription.name} off?`}
          pending={change.isPending}
          error={change.error && messageOf(change.error)}
          onConfirm={(done) => change.mutate({ active: false }, { onSuccess: done })}
        >
          Nothing more is sent, and what has not been delivered yet is dropped.
        </ConfirmButton>
      ) : (
        <Button
          variant="default"
          loading={change.isPending}
          onClick={() => change.mutate({ active: true })}
        >
          Switch on
        </Button>
      )}
      <ConfirmButton
        word="Delete"
        question={`Delete ${subscription.name}?`}
        pending={unsubscribe.isPending}
        error={unsubscribe.error && messageOf(unsubscribe.error)}
        onConfirm={() =>
          unsubscribe.mutate(subscription.id, {
            onSuccess: () => void navigate({ to: '/settings/$account/webhooks', search: {} }),
          })
        }
      >
        Its secret, its events and their receipts go with it.
      </ConfirmButton>
    </>
  );
}

function SubscriptionFacts({ account, subscription }: LoadedProps) {
  const { data: jobs } = useQuery(jobNamesQuery(account));
  const nameOf = (id: string) => jobs?.find((job) => String(job.id) === id)?.name ?? `#${id}`;
  return (
    <div className={css.card}>
      <Facts>
        {!subscription.active && (
          <Fact name="Switched off">{subscription.deactivate_reason ?? 'by hand'}</Fact>
        )}
        <Fact name="URL">
          <CopyText text={subscription.client_url} what="URL">
            <span className="mono">{subscription.client_url}</span>
          </CopyText>
        </Fact>
        <Fact name="Events">{subscription.event_types.map(eventWord).join(', ')}</Fact>
        <Fact name="Jobs">
          {subscription.job_ids.length === 0 ? 'all' : subscription.job_ids.map(nameOf).join(', ')}
        </Fact>
        {subscription.description !== '' && (
          <Fact name="Description">{subscription.description}</Fact>
        )}
        <Fact name="Last sent">
          <TimeAgo at={timeOfMicros(subscription.dispatched_at)} absent="never" />
        </Fact>
        <Fact name="Created">
          <TimeAgo at={timeOfMicros(subscription.created_at)} />
        </Fact>
        <Fact name="Id">
          <CopyText text={subscription.id} what="webhook id">
            <span className="mono">{subscription.id}</span>
          </CopyText>
        </Fact>
      </Facts>
    </div>
  );
}
