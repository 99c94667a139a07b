import { SegmentedControl, Skeleton, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useDocumentTitle } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { messageOf } from '@/api/errors';
import { CodeBlock } from '@/ui/code-block';
import { CopyText } from '@/ui/copy';
import { Fact, Facts } from '@/ui/facts';
import { Form, fieldErrors } from '@/ui/form/form';
import { Page, Section } from '@/ui/page';
import { PageHeader } from '@/ui/page-header';
import { Problem } from '@/ui/problem';
import { formatDuration } from '@/ui/time';
import { TimeAgo } from '@/ui/time-ago';
import { type AccountDetails, accountQuery, useRenameAccount } from './account-api';
import css from './account-page.module.css';
import { clientSnippets } from './client-snippets';

const route = '/signed-in/settings/$account/account';

export function AccountPage() {
  useDocumentTitle('Account · Millwright');
  const { account } = useParams({ from: route });
  const details = useQuery(accountQuery(account));
  return (
    <Page kind="text">
      <PageHeader title="Account" />
      {details.isError && details.data === undefined ? (
        <Problem title="The account could not be read" onRetry={() => void details.refetch()}>
          {messageOf(details.error)}
        </Problem>
      ) : details.data === undefined ? (
        <Skeleton height={180} />
      ) : (
        <>
          <NameForm account={details.data} />
          <Limits account={details.data} />
        </>
      )}
      <ForClients account={account} />
    </Page>
  );
}

function NameForm({ account }: { account: AccountDetails }) {
  const rename = useRenameAccount(account.id);
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { name: account.name },
    validate: { name: (name) => (name.trim() === '' ? 'Enter a name' : null) },
  });
  const submit = form.onSubmit(({ name }) =>
    rename.mutate(name.trim(), {
      onSuccess: (saved) => {
        form.setInitialValues({ name: saved.name });
        form.reset();
      },
      onError: (error) => form.setErrors(fieldErrors(error)),
    }),
  );
  return (
    <Form
      label="Account"
      onSubmit={submit}
      error={rename.error}
      shown={['name']}
      pending={rename.isPending}
      dirty={form.isDirty()}
    >
      <TextInput
        label="Name"
        description="Shown at the top of every page, and by clients of the API."
        maw={400}
        maxLength={255}
        key={form.key('name')}
        {...form.getInputProps('name')}
      />
    </Form>
  );
}

function Limits({ account }: { account: AccountDetails }) {
  return (
    <Section title="Facts and limits" help="Limits are set by whoever operates this installation.">
      <div className={css.card}>
        <Facts>
          <Fact name="Account id">
            <CopyText text={String(account.id)} what="account id">
              <span className="mono">{account.id}</span>
            </CopyText>
          </Fact>
          <Fact name="Identifier">
            <CopyText text={account.identifier} what="identifier">
              <span className="mono">{account.identifier}</span>
            </CopyText>
          </Fact>
          <Fact name="Run slots">
            {account.run_slots} {account.run_slots === 1 ? 'run' : 'runs'} at the same time; others
            wait in the queue
          </Fact>
          <Fact name="Queue">at most {account.queue_limit} waiting runs</Fact>
          <Fact name="Longest run">
            {account.run_duration_limit_seconds > 0
              ? formatDuration(account.run_duration_limit_seconds * 1_000)
              : 'no limit'}
          </Fact>
          <Fact name="Created">
            <TimeAgo at={account.created_at} />
          </Fact>
        </Facts>
      </div>
    </Section>
  );
}

function ForClients({ account }: { account: number }) {
  const { client } = useSearch({ from: route });
  const navigate = useNavigate({ from: '/settings/$account/account' });
  const { origin } = window.location;
  const snippets = clientSnippets(origin, account);
  const chosen = snippets.find(({ key }) => key === client) ?? snippets[0];
  return (
    <Section
      title="Address for clients"
      help="What was written for dbt Cloud works here with another host and another token."
    >
      <div className={css.card}>
        <Facts>
          <Fact name="API">
            <CopyText text={`${origin}/api`} what="API address">
              <span className="mono">{origin}/api</span>
            </CopyText>
          </Fact>
          <Fact name="Discovery API">
            <CopyText text={`${origin}/graphql`} what="Discovery API address">
              <span className="mono">{origin}/graphql</span>
            </CopyText>
          </Fact>
        </Facts>
        <SegmentedControl
          className={css.clients}
          aria-label="Client"
          size="xs"
          data={snippets.map(({ key, title }) => ({ value: key, label: title }))}
          value={chosen?.key ?? ''}
          onChange={(key) =>
            void navigate({
              search: key === snippets[0]?.key ? {} : { client: key },
              replace: true,
            })
          }
        />
        {chosen && <CodeBlock label={`settings for ${chosen.title}`} code={chosen.code} />}
        <p className={css.note}>
          Put a token in place of <code className="mono">TOKEN</code>:{' '}
          <Link to="/settings/$account/tokens" params={{ account }} search={{ panel: 'new' }}>
            create a service token
          </Link>
          . <a href="/api-browser.html">The API browser</a> shows every endpoint and sends requests.
        </p>
      </div>
    </Section>
  );
}
