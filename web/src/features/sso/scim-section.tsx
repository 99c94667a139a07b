import { Button, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { messageOf } from '@/api/errors';
import { CodeBlock } from '@/ui/code-block';
import { ConfirmButton } from '@/ui/confirm-button';
import { NamedTokenForm } from '@/ui/named-token-form';
import { Section } from '@/ui/page';
import { Problem } from '@/ui/problem';
import { SidePanel } from '@/ui/side-panel';
import { TimeAgo } from '@/ui/time-ago';
import {
  type ScimToken,
  scimAddress,
  scimTokensQuery,
  useDeleteScimToken,
  useMakeScimToken,
} from './sso-api';
import css from './sso-page.module.css';

interface ScimSectionProps {
  account: number;
  making: boolean;
  onMake: (making: boolean) => void;
}

/** What an identity provider needs to keep the account's people and groups. */
export function ScimSection({ account, making, onMake }: ScimSectionProps) {
  const tokens = useQuery(scimTokensQuery(account));
  return (
    <Section
      title="SCIM"
      help="By SCIM an identity provider adds people to this account and takes them out, and keeps its groups. Give it this address and a token."
      actions={<Button onClick={() => onMake(true)}>New token</Button>}
    >
      <div className={css.address}>
        <CodeBlock label="SCIM address" code={scimAddress(account)} />
      </div>
      {tokens.isError ? (
        <Problem title="The SCIM tokens could not be read" onRetry={() => void tokens.refetch()}>
          {messageOf(tokens.error)}
        </Problem>
      ) : tokens.data === undefined ? (
        <Skeleton height={48} />
      ) : tokens.data.length === 0 ? (
        <p className={css.note}>No tokens: no identity provider keeps this account’s people.</p>
      ) : (
        <ul className={css.list} aria-label="SCIM tokens">
          {tokens.data.map((token) => (
            <TokenLine key={token.id} account={account} token={token} />
          ))}
        </ul>
      )}
      <SidePanel title="New SCIM token" opened={making} onClose={() => onMake(false)}>
        {making && <NewToken account={account} onClose={() => onMake(false)} />}
      </SidePanel>
    </Section>
  );
}

function TokenLine({ account, token }: { account: number; token: ScimToken }) {
  const remove = useDeleteScimToken(account);
  return (
    <li className={css.line}>
      <bdi className={css.name}>{token.name}</bdi>
      <span className={css.facts}>
        made <TimeAgo at={token.created_at} />, last used{' '}
        <TimeAgo at={token.last_used} absent="never" />
      </span>
      <ConfirmButton
        word="Revoke"
        question={`Revoke the SCIM token ${token.name}?`}
        pending={remove.isPending}
        error={remove.error ? messageOf(remove.error) : null}
        onConfirm={(close) => remove.mutate(token.id, { onSuccess: close })}
      >
        The identity provider that uses it is refused from now on. People and groups stay as they
        are.
      </ConfirmButton>
    </li>
  );
}

function NewToken({ account, onClose }: { account: number; onClose: () => void }) {
  return (
    <NamedTokenForm
      label="SCIM token"
      what="SCIM token"
      nameHelp="Of the identity provider that will use it, say."
      make={useMakeScimToken(account)}
      words="Copy it to the identity provider now: it is shown only this once."
      beside={
        <div className={css.address}>
          <CodeBlock label="SCIM address" code={scimAddress(account)} />
        </div>
      }
      onClose={onClose}
    />
  );
}
