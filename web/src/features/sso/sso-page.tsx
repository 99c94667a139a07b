import { Button } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { messageOf } from '@/api/errors';
import { AboveLink, type Column, DataTable, rowLink } from '@/ui/data-table';
import { Page, Section } from '@/ui/page';
import { PageHeader } from '@/ui/page-header';
import { Problem } from '@/ui/problem';
import { TimeAgo } from '@/ui/time-ago';
import { providerWord } from './provider-kinds';
import { ProviderPanel } from './provider-panel';
import { ScimSection } from './scim-section';
import type { SsoSearch } from './search';
import { type AuthProvider, providersQuery } from './sso-api';
import css from './sso-page.module.css';

const here = '/signed-in/settings/$account/sso';

export function SsoPage() {
  useDocumentTitle('Single sign-on · Millwright');
  const { account } = useParams({ from: here });
  const search = useSearch({ from: here });
  const navigate = useNavigate({ from: '/settings/$account/sso' });
  const providers = useQuery(providersQuery(account));
  const go = (next: SsoSearch) =>
    void navigate({ params: { account }, search: next, replace: true });
  const opened =
    search.provider === 'new' ? null : providers.data?.find(({ id }) => id === search.provider);
  return (
    <Page>
      <PageHeader title="Single sign-on" />
      <ScimSection
        account={account}
        making={search.token === 'new'}
        onMake={(making) => go(making ? { token: 'new' } : {})}
      />
      <Section
        title="Identity providers"
        help="Kept for the API and Terraform. People sign in to Millwright by e-mail and password; no provider is asked."
        actions={<Button onClick={() => go({ provider: 'new' })}>Add provider</Button>}
      >
        {providers.isError ? (
          <Problem
            title="The identity providers could not be read"
            onRetry={() => void providers.refetch()}
          >
            {messageOf(providers.error)}
          </Problem>
        ) : providers.data?.length === 0 ? (
          <p className={css.note}>None is described.</p>
        ) : (
          <Providers account={account} providers={providers.data} />
        )}
      </Section>
      <ProviderPanel account={account} provider={opened} onClose={() => go({})} />
    </Page>
  );
}

interface ProvidersProps {
  account: number;
  providers: readonly AuthProvider[] | undefined;
}

function Providers({ account, providers }: ProvidersProps) {
  const columns: Column<AuthProvider>[] = [
    {
      key: 'kind',
      title: 'Kind',
      width: 'minmax(140px, 2fr)',
      cell: ({ id, type }) => (
        <Link
          to="/settings/$account/sso"
          params={{ account }}
          search={{ provider: id }}
          className={rowLink}
        >
          {providerWord(type)}
        </Link>
      ),
    },
    {
      key: 'slug',
      title: 'Slug',
      width: 'minmax(120px, 1fr)',
      cell: ({ slug }) => slug ?? '–',
    },
    {
      key: 'changed',
      title: 'Changed',
      width: '112px',
      align: 'right',
      cell: ({ updated_at }) => (
        <AboveLink>
          <TimeAgo at={updated_at} />
        </AboveLink>
      ),
    },
  ];
  return (
    <DataTable
      label="Identity providers"
      columns={columns}
      rows={providers}
      rowKey={({ id }) => id}
      inline
    />
  );
}
