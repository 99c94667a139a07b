import { Button, Select, Skeleton } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { ApiError, messageOf } from '@/api/errors';
import { ConfirmButton } from '@/ui/confirm-button';
import { CopyText } from '@/ui/copy';
import { Page, Section } from '@/ui/page';
import { PageHeader } from '@/ui/page-header';
import { Problem } from '@/ui/problem';
import { TimeAgo } from '@/ui/time-ago';
import { type Environment, environmentsQuery } from '../environments/environments-api';
import { adapterTitle } from './adapters';
import { ConnectionForm } from './connection-form';
import { useConnectionTest } from './connection-test-api';
import css from './connections.module.css';
import { type Connection, connectionQuery, useDeleteConnection } from './connections-api';
import { TestResult } from './test-result';

export function ConnectionPage() {
  const { account, connection: id } = useParams({
    from: '/signed-in/settings/$account/connections/$connection',
  });
  const query = useQuery(connectionQuery(account, id));
  useDocumentTitle(`${query.data?.name ?? 'Connection'} · Millwright`);
  if (query.data !== undefined)
    return <Content key={id} account={account} connection={query.data} />;
  const missing = query.error instanceof ApiError && query.error.kind === 'not_found';
  return (
    <Page kind="text">
      <PageHeader title="Connection" />
      {query.isError ? (
        <Problem
          title={missing ? 'There is no such connection' : 'The connection could not be read'}
          {...(missing ? {} : { onRetry: () => void query.refetch() })}
        >
          {missing ? 'It may have been deleted, or you may not see it.' : messageOf(query.error)}
        </Problem>
      ) : (
        <Skeleton height={320} />
      )}
    </Page>
  );
}

interface ContentProps {
  account: number;
  connection: Connection;
}

function Content({ account, connection }: ContentProps) {
  const environments = useQuery(environmentsQuery(account));
  const uses = environments.data?.filter(({ connection_id }) => connection_id === connection.id);
  return (
    <Page kind="text">
      <PageHeader
        title={<bdi>{connection.name}</bdi>}
        aside={adapterTitle(connection.adapter_version)}
        facts={
          <>
            <CopyText text={String(connection.id)} what="connection id">
              <span className="tabular">#{connection.id}</span>
            </CopyText>
            <span>
              changed <TimeAgo at={connection.updated_at} />
            </span>
            {connection.is_ssh_tunnel_enabled && <span>through an SSH tunnel</span>}
          </>
        }
      />
      <ConnectionForm account={account} connection={connection} />
      <Test account={account} uses={uses} />
      <Section title="Used by">
        {uses === undefined ? (
          <Skeleton height={20} />
        ) : (
          <Uses account={account} uses={uses} connection={connection} />
        )}
      </Section>
      <Delete account={account} connection={connection} isUsed={(uses?.length ?? 0) > 0} />
    </Page>
  );
}

/** What is stored is tested, with the credentials of an environment. */
function Test({ account, uses }: { account: number; uses: Environment[] | undefined }) {
  const able = uses?.filter(({ credentials_id }) => credentials_id !== null) ?? [];
  const [chosen, setChosen] = useState<string | null>(null);
  const testing = useConnectionTest(account);
  if (uses === undefined) return null;
  const environment = able.find(({ id }) => String(id) === chosen) ?? able[0];
  return (
    <Section title="Connection test">
      {environment === undefined ? (
        <p className={css.plain}>
          It can be tested once an environment with credentials uses it: a test signs in, and
          credentials belong to environments.
        </p>
      ) : (
        <div className={css.testHead}>
          <Button
            variant="default"
            loading={testing.running}
            onClick={() => testing.start(environment.id)}
          >
            Test connection
          </Button>
          {able.length > 1 ? (
            <Select
              size="xs"
              aria-label="With the credentials of"
              allowDeselect={false}
              data={able.map((each) => ({
                value: String(each.id),
                label: `${each.project?.name ?? ''} · ${each.name}`,
              }))}
              value={String(environment.id)}
              onChange={setChosen}
            />
          ) : (
            <span className={css.testTime}>
              with the credentials of <bdi>{environment.name}</bdi>
            </span>
          )}
        </div>
      )}
      <TestResult testing={testing} />
    </Section>
  );
}

function Uses({ account, uses, connection }: ContentProps & { uses: Environment[] }) {
  if (uses.length === 0)
    return (
      <p className={css.plain}>
        No environment yet.{' '}
        <Link
          to="/deploy/$account/environments/new"
          params={{ account }}
          search={{ connection: connection.id }}
        >
          Make one that uses it
        </Link>
      </p>
    );
  return (
    <ul className={css.list}>
      {uses.map(({ id, name, project, project_id }) => (
        <li key={id}>
          <Link
            to="/deploy/$account/projects/$project/environments/$environment"
            params={{ account, project: project_id, environment: id }}
          >
            <bdi>{name}</bdi>
          </Link>{' '}
          of <bdi>{project?.name ?? `#${project_id}`}</bdi>
        </li>
      ))}
    </ul>
  );
}

function Delete({ account, connection, isUsed }: ContentProps & { isUsed: boolean }) {
  const navigate = useNavigate();
  const remove = useDeleteConnection(account, connection.id);
  return (
    <div className={css.foot}>
      <ConfirmButton
        word="Delete connection"
        question={`Delete ${connection.name}?`}
        disabled={isUsed}
        pending={remove.isPending}
        error={remove.error && messageOf(remove.error)}
        onConfirm={() =>
          remove.mutate(undefined, {
            onSuccess: () =>
              void navigate({
                to: '/settings/$account/connections',
                params: { account },
                ignoreBlocker: true,
              }),
          })
        }
      >
        Its settings and stored secrets are removed. The warehouse is not touched.
      </ConfirmButton>
      {isUsed && <p className={css.plain}>It can be deleted once no environment uses it.</p>}
    </div>
  );
}
