import { Button, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { messageOf } from '@/api/errors';
import { ConfirmButton } from '@/ui/confirm-button';
import { Empty } from '@/ui/empty';
import { Section } from '@/ui/page';
import { Problem } from '@/ui/problem';
import { ShownOnce } from '@/ui/shown-once';
import { TimeAgo } from '@/ui/time-ago';
import { NewTokenPanel } from './new-token-panel';
import {
  type NewPersonalToken,
  type PersonalToken,
  personalTokensQuery,
  useRevokeToken,
  useRotateToken,
} from './profile-api';
import css from './profile-page.module.css';

interface PersonalTokensProps {
  account: number;
  user: number;
  making: boolean;
  onMake: (making: boolean) => void;
}

export function PersonalTokens({ account, user, making, onMake }: PersonalTokensProps) {
  const tokens = useQuery(personalTokensQuery(account, user));
  return (
    <Section
      title="Personal API tokens"
      help="Programs that use one act as you, with your permissions in this account."
      actions={<Button onClick={() => onMake(true)}>New token</Button>}
    >
      {tokens.isError ? (
        <Problem title="Your tokens could not be read" onRetry={() => void tokens.refetch()}>
          {messageOf(tokens.error)}
        </Problem>
      ) : tokens.data === undefined ? (
        <Skeleton height={56} />
      ) : tokens.data.length === 0 ? (
        <Empty title="No personal tokens">
          The command line, editors and scripts sign in by a token. For what runs without you, such
          as an orchestrator, make a service token under API tokens instead.
        </Empty>
      ) : (
        <ul className={css.list} aria-label="Personal tokens">
          {tokens.data.map((token) => (
            <TokenLine key={token.id} account={account} user={user} token={token} />
          ))}
        </ul>
      )}
      <NewTokenPanel account={account} user={user} opened={making} onClose={() => onMake(false)} />
    </Section>
  );
}

interface TokenLineProps {
  account: number;
  user: number;
  token: PersonalToken;
}

function TokenLine({ account, user, token }: TokenLineProps) {
  const [renewed, setRenewed] = useState<NewPersonalToken | null>(null);
  const rotate = useRotateToken(account, user);
  const revoke = useRevokeToken(account, user);
  return (
    <li className={css.line}>
      <div className={css.words}>
        <bdi className={css.name}>{token.name}</bdi>
        <span className={css.facts}>
          <span className="mono">{token.uid}</span> · made <TimeAgo at={token.created_at} /> · last
          used <TimeAgo at={token.last_used} absent="never" />
          {token.expires_at && (
            <>
              {' · expires '}
              <TimeAgo at={token.expires_at} />
            </>
          )}
        </span>
      </div>
      <div className={css.actions}>
        <ConfirmButton
          word="Renew"
          question={`Give ${token.name} a new text?`}
          pending={rotate.isPending}
          error={rotate.error ? messageOf(rotate.error) : null}
          onConfirm={(close) =>
            rotate.mutate(token.id, {
              onSuccess: (made) => {
                setRenewed(made);
                close();
              },
            })
          }
        >
          Programs that use the token as it is are refused from now on, until they have the new
          text.
        </ConfirmButton>
        <ConfirmButton
          word="Revoke"
          question={`Revoke ${token.name}?`}
          pending={revoke.isPending}
          error={revoke.error ? messageOf(revoke.error) : null}
          onConfirm={(close) => revoke.mutate(token.id, { onSuccess: close })}
        >
          Programs that use this token are refused from now on.
        </ConfirmButton>
      </div>
      {renewed && (
        <div className={css.renewed}>
          <ShownOnce what="token" text={renewed.token_string}>
            The new text of {token.name}. Copy it now: it is shown only this once.
          </ShownOnce>
        </div>
      )}
    </li>
  );
}
