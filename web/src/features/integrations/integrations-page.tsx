import { Button, Skeleton } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { messageOf } from '@/api/errors';
import { AboveLink, type Column, DataTable, rowLink } from '@/ui/data-table';
import { Fact, Facts } from '@/ui/facts';
import { Page, Section } from '@/ui/page';
import { PageHeader } from '@/ui/page-header';
import { Problem } from '@/ui/problem';
import { SidePanel } from '@/ui/side-panel';
import { TimeAgo } from '@/ui/time-ago';
import { GitHostsSettings } from '../git-hosts/git-hosts-settings';
import { featureName } from './features';
import css from './integrations.module.css';
import { featuresQuery, type OauthConfiguration, oauthQuery } from './integrations-api';
import { OauthPanel } from './oauth-panel';
import { StoredIntegrations } from './stored-integrations';

const route = '/signed-in/settings/$account/integrations';

export function IntegrationsPage() {
  useDocumentTitle('Integrations · Millwright');
  const { account } = useParams({ from: route });
  const { github } = useSearch({ from: route });
  return (
    <Page>
      <PageHeader title="Integrations" facts="Other systems that this account works with." />
      <GitHostsSettings account={account} outcome={github} />
      <OauthSection account={account} />
      <StoredIntegrations account={account} />
      <FeaturesSection account={account} />
    </Page>
  );
}

function oauthColumns(account: number): Column<OauthConfiguration>[] {
  return [
    {
      key: 'name',
      title: 'Name',
      width: 'minmax(140px, 2fr)',
      cell: ({ id, name, type }) => (
        <Link
          className={rowLink}
          to="/settings/$account/integrations"
          params={{ account }}
          search={{ panel: id }}
        >
          <bdi>{name || type}</bdi>
        </Link>
      ),
    },
    { key: 'type', title: 'Type', width: '120px', cell: ({ type }) => type },
    {
      key: 'client',
      title: 'Client id',
      width: 'minmax(120px, 2fr)',
      wideOnly: true,
      cell: ({ client_id }) => <span className="mono">{client_id || '–'}</span>,
    },
    {
      key: 'created',
      title: 'Created',
      width: '112px',
      wideOnly: true,
      cell: ({ created_at }) => (
        <AboveLink>
          <TimeAgo at={created_at} />
        </AboveLink>
      ),
    },
  ];
}

function OauthSection({ account }: { account: number }) {
  const { panel } = useSearch({ from: route });
  const navigate = useNavigate({ from: '/settings/$account/integrations' });
  const list = useQuery(oauthQuery(account));
  const columns = useMemo(() => oauthColumns(account), [account]);
  const close = () => void navigate({ search: {} });
  const chosen = list.data?.find(({ id }) => id === panel);
  return (
    <Section
      title="OAuth configurations"
      help="OAuth clients for warehouses that sign people in. Connections name one of them."
      actions={
        <Button
          renderRoot={(props) => (
            <Link
              to="/settings/$account/integrations"
              params={{ account }}
              search={{ panel: 'new' }}
              {...props}
            />
          )}
        >
          Add an OAuth configuration
        </Button>
      }
    >
      {list.isError && list.data === undefined ? (
        <Problem title="They could not be read" onRetry={() => void list.refetch()}>
          {messageOf(list.error)}
        </Problem>
      ) : list.data?.length === 0 ? (
        <p className={css.note}>
          There is none. A warehouse whose users sign in by Entra or Okta needs one.
        </p>
      ) : (
        <DataTable
          inline
          label="OAuth configurations"
          columns={columns}
          rows={list.data}
          rowKey={({ id }) => id}
        />
      )}
      <SidePanel
        title={panel === 'new' ? 'New OAuth configuration' : 'OAuth configuration'}
        opened={panel !== undefined}
        onClose={close}
      >
        {panel === 'new' || chosen !== undefined ? (
          <OauthPanel
            key={panel}
            account={account}
            onClose={close}
            {...(chosen && { configuration: chosen })}
          />
        ) : (
          list.data !== undefined && <Problem title="There is no such OAuth configuration" />
        )}
      </SidePanel>
    </Section>
  );
}

function FeaturesSection({ account }: { account: number }) {
  const features = useQuery(featuresQuery(account));
  return (
    <Section
      title="Account features"
      help="As clients such as Terraform read and set them by the API. Runs heed repository caching; the others are kept for the clients."
    >
      {features.isError && features.data === undefined ? (
        <Problem title="The features could not be read" onRetry={() => void features.refetch()}>
          {messageOf(features.error)}
        </Problem>
      ) : features.data === undefined ? (
        <Skeleton height={200} />
      ) : (
        <div className={css.card}>
          <Facts>
            {Object.entries(features.data).map(([key, on]) => (
              <Fact key={key} name={featureName(key)}>
                {on ? 'on' : 'off'}
              </Fact>
            ))}
          </Facts>
        </div>
      )}
    </Section>
  );
}
