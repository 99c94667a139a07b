import { Button, PasswordInput, Switch } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { messageOf } from '@/api/errors';
import { ConfirmButton } from '@/ui/confirm-button';
import { Fact, Facts } from '@/ui/facts';
import { fieldErrors } from '@/ui/form/form';
import { Section } from '@/ui/page';
import { TimeAgo } from '@/ui/time-ago';
import css from './chat.module.css';
import {
  type Chat,
  useConnectSlack,
  useDisconnectSlack,
  useEnterToken,
  useSwitchChat,
  useTestSlack,
  type Workspace,
} from './chat-api';
import { Notice } from './notice';
import { type ChosenChannel, SlackChannelSelect } from './slack-channel-select';

/** The account's own switch, its workspace, and a way to see whether it works. */
export function SlackSection({ account, slack }: { account: number; slack: Chat['slack'] }) {
  const change = useSwitchChat(account);
  // What was pressed is shown while it is being saved.
  const enabled = change.isPending ? (change.variables.slack ?? slack.enabled) : slack.enabled;
  return (
    <Section title="Slack" help="Ends of runs, in the channels that notification rules name.">
      <div className={css.card}>
        <Switch
          label="Send to Slack for this account"
          checked={enabled}
          onChange={({ currentTarget: { checked } }) => change.mutate({ slack: checked })}
        />
        {change.error && (
          <p role="alert" className={css.wrong}>
            {messageOf(change.error)}
          </p>
        )}
        {slack.enabled &&
          (slack.workspace === null ? (
            <Connect account={account} byApp={slack.can_connect} />
          ) : (
            <Connected account={account} workspace={slack.workspace} byApp={slack.can_connect} />
          ))}
      </div>
    </Section>
  );
}

function Connect({ account, byApp }: { account: number; byApp: boolean }) {
  return (
    <>
      {byApp && <AddToSlack account={account} word="Connect a workspace" />}
      <TokenForm account={account} />
      <p className={css.note}>
        {byApp
          ? 'Or enter the token of a bot of your own app'
          : 'Make an app in Slack, install it to your workspace and enter its bot’s token'}
        . The bot needs the scopes <code className="mono">chat:write</code>,{' '}
        <code className="mono">chat:write.public</code>, <code className="mono">channels:read</code>{' '}
        and <code className="mono">groups:read</code>.
      </p>
    </>
  );
}

function AddToSlack({ account, word }: { account: number; word: string }) {
  const connect = useConnectSlack(account);
  return (
    <>
      <Button
        loading={connect.isPending || connect.isSuccess}
        onClick={() =>
          connect.mutate(undefined, { onSuccess: (url) => window.location.assign(url) })
        }
      >
        {word}
      </Button>
      {connect.error && (
        <p role="alert" className={css.wrong}>
          {messageOf(connect.error)}
        </p>
      )}
    </>
  );
}

function TokenForm({ account }: { account: number }) {
  const enter = useEnterToken(account);
  const form = useForm({
    initialValues: { token: '' },
    validate: {
      token: (token) =>
        token.trim().startsWith('xoxb-') ? null : 'A bot’s token begins with xoxb-',
    },
  });
  const submit = form.onSubmit(({ token }) =>
    enter.mutate(token.trim(), {
      onSuccess: () => form.reset(),
      onError: (error) => {
        const errors = fieldErrors(error);
        form.setErrors('token' in errors ? errors : { token: messageOf(error) });
      },
    }),
  );
  return (
    <form className={css.row} onSubmit={submit} noValidate aria-label="Bot token">
      <PasswordInput
        className={css.field}
        label="Bot token"
        placeholder="xoxb-…"
        autoComplete="off"
        {...form.getInputProps('token')}
      />
      <Button type="submit" variant="default" loading={enter.isPending}>
        Connect by token
      </Button>
    </form>
  );
}

interface ConnectedProps {
  account: number;
  workspace: Workspace;
  byApp: boolean;
}

function Connected({ account, workspace, byApp }: ConnectedProps) {
  const disconnect = useDisconnectSlack(account);
  const broken = workspace.broken_reason;
  return (
    <>
      <div className={css.facts}>
        <Facts>
          <Fact name="Workspace">
            <bdi>{workspace.name}</bdi>
          </Fact>
          <Fact name="Bot">{workspace.bot_name}</Fact>
          <Fact name="Connected">
            <TimeAgo at={workspace.updated_at} />
          </Fact>
        </Facts>
      </div>
      {broken === null ? (
        <Test account={account} />
      ) : (
        <>
          <Notice>
            Nothing is sent any more. {broken} Connect the workspace again; what failed meanwhile is
            listed below and can be sent again.
          </Notice>
          {byApp && <AddToSlack account={account} word="Connect it again" />}
          <TokenForm account={account} />
        </>
      )}
      <ConfirmButton
        word="Disconnect"
        question="Disconnect this workspace?"
        pending={disconnect.isPending}
        error={disconnect.error && messageOf(disconnect.error)}
        onConfirm={(close) => disconnect.mutate(undefined, { onSuccess: close })}
      >
        The bot’s token is forgotten, and what waits is not sent. Rules that name channels are kept,
        and tell nobody until a workspace is connected again.
      </ConfirmButton>
    </>
  );
}

function Test({ account }: { account: number }) {
  const [channel, setChannel] = useState<ChosenChannel | null>(null);
  const test = useTestSlack(account);
  return (
    <>
      <div className={css.row}>
        <div className={css.field}>
          <SlackChannelSelect
            account={account}
            label="Channel for a test"
            value={channel}
            onChange={setChannel}
          />
        </div>
        <Button
          variant="default"
          disabled={channel === null}
          loading={test.isPending}
          onClick={() => channel !== null && test.mutate(channel.id)}
        >
          Send a test
        </Button>
      </div>
      {test.isSuccess && (
        <span role="status">
          Slack took it for <bdi>{channel?.name ?? 'the channel'}</bdi>.
        </span>
      )}
      {test.error && (
        <p role="alert" className={css.wrong}>
          The test was not sent. {messageOf(test.error)}
        </p>
      )}
    </>
  );
}
