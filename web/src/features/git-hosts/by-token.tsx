import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import { messageOf } from '@/api/errors';
import { ConfirmButton } from '@/ui/confirm-button';
import { Fact, Facts } from '@/ui/facts';
import { TimeAgo } from '@/ui/time-ago';
import type { Repository } from '../repositories/repositories-api';
import css from './git-host.module.css';
import { type HostLink, useRemoveLink, useSaveLink, type useTestLink } from './git-hosts-api';
import { hostKinds } from './host-kinds';
import { standingOfLink } from './host-standing';
import { LinkForm } from './link-form';
import { TestResult } from './link-test';
import { StandingWords } from './standing-words';
import { WebhookSteps } from './webhook-steps';

interface ByTokenProps {
  account: number;
  repository: Repository;
  link: HostLink;
  /** Made by who made the link, so that it is asked at once. */
  test: ReturnType<typeof useTestLink>;
  /** Of the webhook, when it has just been made. */
  secret: string | null;
  onSecret: (secret: string | null) => void;
}

/** The repository's link to its host: how it stands, what to enter there, and how to change it. */
export function ByToken(props: ByTokenProps) {
  const { account, repository, link, test, secret, onSecret } = props;
  const rotate = useSaveLink(account, repository);
  const [editing, setEditing] = useState(false);
  return (
    <div className={css.box}>
      <StandingWords
        title={`${hostKinds[link.kind].word}, by a token`}
        standing={standingOfLink(link)}
        since={link.broken_since}
      />
      <Facts>
        <Fact name="API">
          <code className="mono">{link.api_url}</code>
        </Fact>
        <Fact name="Last used">
          <TimeAgo at={link.last_used_at} absent="not yet" />
        </Fact>
        <Fact name="Last event">
          <TimeAgo at={link.last_delivery_at} absent="none yet" />
        </Fact>
      </Facts>
      {editing ? (
        <LinkForm
          account={account}
          repository={repository}
          link={link}
          onSaved={() => {
            setEditing(false);
            test.mutate();
          }}
          onCancel={() => setEditing(false)}
        />
      ) : (
        <Group gap="xs">
          <Button loading={test.isPending} onClick={() => test.mutate()}>
            Test
          </Button>
          <Button variant="default" onClick={() => setEditing(true)}>
            Replace token
          </Button>
          <ConfirmButton
            word="Rotate secret"
            question="Make a new webhook secret?"
            pending={rotate.isPending}
            error={rotate.error && messageOf(rotate.error)}
            onConfirm={(close) =>
              rotate.mutate(
                { rotate_webhook_secret: true },
                {
                  onSuccess: (saved) => {
                    onSecret(saved.webhook_secret ?? null);
                    close();
                  },
                },
              )
            }
          >
            What the host sends with the old one is refused from now on, until you enter the new one
            there.
          </ConfirmButton>
          <Remove
            account={account}
            repository={repository}
            onRemoved={() => {
              onSecret(null);
              test.reset();
            }}
          />
        </Group>
      )}
      <TestResult test={test.data} error={test.error} />
      <WebhookSteps link={link} secret={secret} />
    </div>
  );
}

interface RemoveProps {
  account: number;
  repository: Repository;
  onRemoved: () => void;
}

function Remove({ account, repository, onRemoved }: RemoveProps) {
  const remove = useRemoveLink(account, repository);
  return (
    <ConfirmButton
      word="Remove"
      question="Remove the link to the git host?"
      pending={remove.isPending}
      error={remove.error && messageOf(remove.error)}
      onConfirm={(close) =>
        remove.mutate(undefined, {
          onSuccess: () => {
            close();
            onRemoved();
          },
        })
      }
    >
      Pull requests and merges start no runs any more, and the host is told of none. A repository
      that is fetched by the token can’t be fetched. Delete the webhook and the token at the host,
      too.
    </ConfirmButton>
  );
}
