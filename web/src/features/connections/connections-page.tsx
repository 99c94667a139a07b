import { Button } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { messageOf } from '@/api/errors';
import { AboveLink, type Column, DataTable, rowLink } from '@/ui/data-table';
import { Empty } from '@/ui/empty';
import { Page } from '@/ui/page';
import { PageHeader } from '@/ui/page-header';
import { Problem } from '@/ui/problem';
import { TimeAgo } from '@/ui/time-ago';
import { adapterTitle, placeOf } from './adapters';
import { type Connection, connectionsQuery } from './connections-api';

function columnsOf(account: number): Column<Connection>[] {
  return [
    {
      key: 'name',
      title: 'Name',
      width: 'minmax(160px, 2fr)',
      cell: ({ id, name }) => (
        <Link
          to="/settings/$account/connections/$connection"
          params={{ account, connection: id }}
          className={rowLink}
          title={name}
        >
          <bdi>{name}</bdi>
        </Link>
      ),
    },
    {
      key: 'adapter',
      title: 'Warehouse',
      width: '144px',
      cell: ({ adapter_version }) => adapterTitle(adapter_version),
    },
    {
      key: 'place',
      title: 'Where',
      width: 'minmax(160px, 3fr)',
      wideOnly: true,
      cell: ({ config }) => (
        <bdi className="mono" title={placeOf(config)}>
          {placeOf(config)}
        </bdi>
      ),
    },
    {
      key: 'uses',
      title: 'Environments',
      width: '104px',
      align: 'right',
      wideOnly: true,
      cell: (each) => <span className="tabular">{each.environment__count}</span>,
    },
    {
      key: 'changed',
      title: 'Changed',
      width: '112px',
      wideOnly: true,
      cell: ({ updated_at }) => (
        <AboveLink>
          <TimeAgo at={updated_at} />
        </AboveLink>
      ),
    },
  ];
}

export function ConnectionsPage() {
  useDocumentTitle('Connections · Millwright');
  const { account } = useParams({ from: '/signed-in/settings/$account/connections' });
  const list = useQuery(connectionsQuery(account));
  const add = (
    <Button
      renderRoot={(props) => (
        <Link to="/settings/$account/connections/new" params={{ account }} {...props} />
      )}
    >
      New connection
    </Button>
  );
  return (
    <Page kind="list">
      <PageHeader title="Connections" actions={add} />
      {list.isError && list.data === undefined ? (
        <Problem title="The connections could not be read" onRetry={() => void list.refetch()}>
          {messageOf(list.error)}
        </Problem>
      ) : list.data?.length === 0 ? (
        <Empty title="No connections yet" action={add}>
          A connection says where a warehouse is: host, port, database. As whom dbt signs in is said
          by the credentials of each environment that uses it.
        </Empty>
      ) : (
        <DataTable
          label="Connections"
          columns={columnsOf(account)}
          rows={list.data}
          rowKey={({ id }) => id}
        />
      )}
    </Page>
  );
}
