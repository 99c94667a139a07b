import { TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { chatQuery } from '../chat/chat-api';
import { channelWord, slackWorks } from '../chat/chat-facts';
import { SlackChannelSelect } from '../chat/slack-channel-select';
import type { RuleValues } from './rule-facts';

interface SlackFieldsProps {
  account: number;
  form: UseFormReturnType<RuleValues>;
}

/** A channel of the workspace; as long as there is none, by what Slack calls it. */
export function SlackFields({ account, form }: SlackFieldsProps) {
  const { data: chat } = useQuery(chatQuery(account));
  const { slack_channel_id: id, slack_channel_name: name } = form.values;
  if (slackWorks(chat))
    return (
      <SlackChannelSelect
        account={account}
        label="Channel"
        value={id === '' ? null : { id, name: channelWord(name || id) }}
        onChange={(channel) =>
          form.setValues({
            slack_channel_id: channel?.id ?? '',
            slack_channel_name: channel?.name ?? '',
          })
        }
        error={form.errors['slack_channel_id']}
      />
    );
  return (
    <>
      <TextInput
        label="Channel id"
        description={
          <>
            Slack is told nothing until a workspace is connected, under{' '}
            <Link to="/settings/$account/chat" params={{ account }}>
              Chat
            </Link>
            .
          </>
        }
        placeholder="C0123456789"
        {...form.getInputProps('slack_channel_id')}
      />
      <TextInput
        label="Channel name"
        placeholder="#data-alerts"
        {...form.getInputProps('slack_channel_name')}
      />
    </>
  );
}
