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
import { TimeAgo } from '@/ui/time-ago';
import { permissionSetsQuery, projectNamesQuery } from '../account/names-api';
import { grantsText } from './grants';
import { NewTokenPanel } from './new-token-panel';
import { TokenPanel } from './token-panel';
import { type ServiceToken, tokensQuery } from './tokens-api';

function useColumns(account: number): Column<ServiceToken>[] {
  const { data: sets } = useQuery(permissionSetsQuery(account));
  const { data: projects } = useQuery(projectNamesQuery(account));
  return useMemo(() => {
    const names = {
      sets: sets ?? {},
      projects: new Map((projects ?? []).map(({ id, name }) => [id, name])),
    };
    return [
      {
        key: 'name',
        title: 'Name',
        width: 'minmax(140px, 2fr)',
        cell: ({ id, name }) => (
          <Link
            className={rowLink}
            to="/settings/$account/tokens"
            params={{ account }}
            search={{ panel: id }}
          >
            <bdi>{name}</bdi>
          </Link>
        ),
      },
      {
        key: 'may',
        title: 'May',
        width: 'minmax(160px, 3fr)',
        wideOnly: true,
        cell: ({ permission_grants: grants }) =>
          grants.length === 0 ? 'nothing' : grantsText(grants, names),
      },
      {
        key: 'created',
        title: 'Created',
        width: '112px',
        wideOnly: true,
        cell: ({ created_at }) => <Time at={created_at} absent="–" />,
      },
      {
        key: 'used',
        title: 'Last used',
        width: '112px',
        cell: ({ last_used }) => <Time at={last_used} absent="never" />,
      },
      {
        key: 'expires',
        title: 'Expires',
        width: '112px',
        wideOnly: true,
        cell: ({ expires_at }) => <Time at={expires_at} absent="never" />,
      },
    ];
  }, [account, sets, projects]);
}

function Time({ at, absent }: { at: string | null; absent: string }) {
  return (
    <AboveLink>
      <TimeAgo at={at} absent={absent} />
    </AboveLink>
  );
}

export function TokensPage() {
  useDocumentTitle('API tokens · Millwright');
  const { account } = useParams({ from: '/signed-in/settings/$account/tokens' });
  const { panel } = useSearch({ from: '/signed-in/settings/$account/tokens' });
  const navigate = useNavigate({ from: '/settings/$account/tokens' });
  const list = useQuery(tokensQuery(account));
  const columns = useColumns(account);
  const close = () => void navigate({ search: {} });
  const create = (
    <Button
      renderRoot={(props) => (
        <Link
          to="/settings/$account/tokens"
          params={{ account }}
          search={{ panel: 'new' }}
          {...props}
        />
      )}
    >
      Create a token
    </Button>
  );
  const chosen = list.data?.find(({ id }) => id === panel);
  return (
    <Page kind="list">
      <PageHeader
        title="API tokens"
        facts="Service tokens sign clients and orchestrators in. They belong to the account, not to a person."
        actions={create}
      />
      {list.isError && list.data === undefined ? (
        <Problem title="The tokens could not be read" onRetry={() => void list.refetch()}>
          {messageOf(list.error)}
        </Problem>
      ) : list.data?.length === 0 ? (
        <Empty title="No service tokens yet" action={create}>
          Airflow, Terraform, a CI job or a script of your own signs in to the API with a service
          token. Give each of them its own, which may do only what that client needs: then one can
          be revoked without touching the others.
        </Empty>
      ) : (
        <DataTable
          label="Service tokens"
          columns={columns}
          rows={list.data}
          rowKey={({ id }) => id}
        />
      )}
      <SidePanel title="New service token" opened={panel === 'new'} onClose={close}>
        <NewTokenPanel account={account} onClose={close} />
      </SidePanel>
      <SidePanel
        title={<bdi>{chosen?.name ?? 'Service token'}</bdi>}
        opened={typeof panel === 'number'}
        onClose={close}
      >
        {chosen !== undefined ? (
          <TokenPanel key={chosen.id} account={account} token={chosen} onClose={close} />
        ) : (
          list.data !== undefined && (
            <Problem title="There is no such token">It may have been revoked.</Problem>
          )
        )}
      </SidePanel>
    </Page>
  );
}
