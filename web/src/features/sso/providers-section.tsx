import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { messageOf } from '@/api/errors';
import { AboveLink, type Column, DataTable, rowLink } from '@/ui/data-table';
import { Empty } from '@/ui/empty';
import { Section } from '@/ui/page';
import { Problem } from '@/ui/problem';
import { TimeAgo } from '@/ui/time-ago';
import { kindOf, providerWord } from './provider-kinds';
import { CertificateWarning } from './provider-standing';
import { type AuthProvider, providersQuery } from './sso-api';
import css from './sso-page.module.css';

interface ProvidersSectionProps {
  account: number;
  onAdd: () => void;
}

export function ProvidersSection({ account, onAdd }: ProvidersSectionProps) {
  const providers = useQuery(providersQuery(account));
  return (
    <Section
      title="Identity providers"
      help={<HowGroupsCome account={account} />}
      actions={<Button onClick={onAdd}>Add provider</Button>}
    >
      {providers.isError ? (
        <Problem
          title="The identity providers could not be read"
          onRetry={() => void providers.refetch()}
        >
          {messageOf(providers.error)}
        </Problem>
      ) : providers.data?.length === 0 ? (
        <None />
      ) : (
        <>
          {providers.data?.map((provider) => (
            <CertificateWarning
              key={provider.id}
              provider={provider}
              named={providerWord(provider)}
            />
          ))}
          <DataTable
            label="Identity providers"
            columns={columnsOf(account)}
            rows={providers.data}
            rowKey={({ id }) => id}
            inline
          />
        </>
      )}
    </Section>
  );
}

function HowGroupsCome({ account }: { account: number }) {
  return (
    <>
      Each has a button on the sign-in page. At each sign-in, a person’s groups at the provider put
      them into{' '}
      <Link to="/settings/$account/groups" params={{ account }}>
        groups
      </Link>{' '}
      that name those, and choose their licence by the{' '}
      <Link to="/settings/$account/licences" params={{ account }}>
        licence maps
      </Link>
      .
    </>
  );
}

function None() {
  return (
    <Empty title="No identity provider yet">
      <p className={css.note}>
        With single sign-on people sign in with the account that they have at Okta, Microsoft Entra
        ID, Google Workspace, or any other provider that speaks SAML 2.0 or OpenID Connect. Nobody
        needs an invitation: whoever the provider lets in becomes a member at the first sign-in.
      </p>
      <p className={css.note}>
        To set it up you need to be allowed to add an application at the provider. There you enter
        what is shown here, and get what is asked for here: for SAML an entity id, an address and a
        certificate, for the others a client id and its secret.
      </p>
    </Empty>
  );
}

function columnsOf(account: number): Column<AuthProvider>[] {
  return [
    {
      key: 'provider',
      title: 'Provider',
      width: 'minmax(140px, 2fr)',
      cell: (provider) => (
        <>
          <Link
            to="/settings/$account/sso"
            params={{ account }}
            search={{ provider: provider.id }}
            className={rowLink}
          >
            <bdi>{providerWord(provider)}</bdi>
          </Link>
          {provider.name.trim() !== '' && (
            <span className={css.kind}>{kindOf(provider.type).word}</span>
          )}
        </>
      ),
    },
    {
      key: 'slug',
      title: 'Slug',
      width: 'minmax(120px, 1fr)',
      cell: ({ slug }) => <span className="mono">{slug}</span>,
    },
    {
      key: 'used',
      title: 'Last used',
      width: '112px',
      align: 'right',
      cell: ({ last_used_at }) => (
        <AboveLink>
          <TimeAgo at={last_used_at} absent="never" />
        </AboveLink>
      ),
    },
    {
      key: 'changed',
      title: 'Changed',
      width: '112px',
      align: 'right',
      wideOnly: true,
      cell: ({ updated_at }) => (
        <AboveLink>
          <TimeAgo at={updated_at} />
        </AboveLink>
      ),
    },
  ];
}
