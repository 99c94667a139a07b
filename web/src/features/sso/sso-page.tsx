import { useDocumentTitle } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { Page } from '@/ui/page';
import { PageHeader } from '@/ui/page-header';
import { ProviderPanel } from './provider-panel';
import { ProvidersSection } from './providers-section';
import { ScimSection } from './scim-section';
import type { SsoSearch } from './search';
import { providersQuery } from './sso-api';

const here = '/signed-in/settings/$account/sso';

export function SsoPage() {
  useDocumentTitle('Single sign-on · Millwright');
  const { account } = useParams({ from: here });
  const search = useSearch({ from: here });
  const navigate = useNavigate({ from: '/settings/$account/sso' });
  const providers = useQuery(providersQuery(account));
  const [added, setAdded] = useState<number | null>(null);
  const go = (next: SsoSearch) =>
    void navigate({ params: { account }, search: next, replace: true });
  const opened =
    search.provider === 'new' ? null : providers.data?.find(({ id }) => id === search.provider);
  return (
    <Page>
      <PageHeader title="Single sign-on" />
      <ProvidersSection account={account} onAdd={() => go({ provider: 'new' })} />
      <ScimSection
        account={account}
        making={search.token === 'new'}
        onMake={(making) => go(making ? { token: 'new' } : {})}
      />
      <ProviderPanel
        account={account}
        provider={opened}
        fresh={opened?.id === added}
        onAdded={({ id }) => {
          setAdded(id);
          go({ provider: id });
        }}
        onClose={() => {
          setAdded(null);
          go({});
        }}
      />
    </Page>
  );
}
