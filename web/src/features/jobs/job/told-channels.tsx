import { Checkbox, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { messageOf } from '@/api/errors';
import { chatQuery, teamsChannelsQuery } from '@/features/chat/chat-api';
import { channelWord, isOn, slackWorks } from '@/features/chat/chat-facts';
import { SlackChannelSelect } from '@/features/chat/slack-channel-select';
import { TeamsChannelSelect } from '@/features/chat/teams-channel-select';
import {
  type NotificationRule,
  useDeleteRule,
  useSaveAnyRule,
  useSaveRule,
} from '@/features/notifications/notifications-api';
import { outcomes, teamsType } from '@/features/notifications/rule-facts';
import css from './job-page.module.css';
import { type Channel, channelRulesOf, isEmpty, ruleFor, withEnd } from './tell-channel';
import { type End, tellsOf } from './tell-me';

interface ToldChannelsProps {
  account: number;
  job: number;
  user: number;
  rules: readonly NotificationRule[];
  /** What was saved just now is not among the rules yet. */
  reading: boolean;
}

/** Which channels of chats hear of this job’s runs, and one more. */
export function ToldChannels(props: ToldChannelsProps) {
  const { account, job, rules, reading } = props;
  const { data: chat } = useQuery(chatQuery(account));
  const on = { slack: isOn(chat?.slack), teams: isOn(chat?.teams) };
  const { data: teams } = useQuery({ ...teamsChannelsQuery(account), enabled: on.teams });
  const nameOf = (rule: NotificationRule) =>
    rule.type === teamsType
      ? `${teams?.find(({ id }) => id === rule.teams_channel_id)?.name ?? 'a channel'} (Teams)`
      : channelWord(rule.slack_channel_name || rule.slack_channel_id || '');
  if (!slackWorks(chat) && !(on.teams && teams !== undefined && teams.length > 0)) return null;
  return (
    <>
      {channelRulesOf(rules, job, on).map((rule) => (
        <Ends
          key={rule.id}
          account={account}
          job={job}
          rule={rule}
          name={nameOf(rule)}
          reading={reading}
        />
      ))}
      <Another
        {...props}
        slack={slackWorks(chat)}
        teams={on.teams && teams !== undefined && teams.length > 0}
      />
    </>
  );
}

interface EndsProps {
  account: number;
  job: number;
  rule: NotificationRule;
  name: string;
  reading: boolean;
}

function Ends({ account, job, rule, name, reading }: EndsProps) {
  const save = useSaveRule(account, rule.id);
  const remove = useDeleteRule(account);
  // At once as one wishes, until the rules say so themselves.
  const saved = save.isPending || (reading && save.isSuccess) ? save.variables : rule;
  const shown = remove.isPending || remove.isSuccess ? undefined : saved;
  const change = (end: End, on: boolean) => {
    const input = withEnd(rule, job, end, on);
    if (isEmpty(input)) remove.mutate(rule.id);
    else save.mutate(input);
  };
  const error = save.error ?? remove.error;
  return (
    <fieldset className={css.tellMe} disabled={save.isPending || remove.isPending || reading}>
      <legend>
        Tell <bdi>{name}</bdi> when it
      </legend>
      <Group gap="md">
        {outcomes.map(({ key, word }) => (
          <Checkbox
            key={key}
            label={word}
            checked={tellsOf(shown, key, job)}
            onChange={(event) => change(key, event.currentTarget.checked)}
          />
        ))}
      </Group>
      {error && <p role="alert">{messageOf(error)}</p>}
    </fieldset>
  );
}

function Another(props: ToldChannelsProps & { slack: boolean; teams: boolean }) {
  const { account, job, user, rules, reading, slack, teams } = props;
  const save = useSaveAnyRule(account);
  const add = (channel: Channel) => save.mutate(ruleFor(rules, channel, { user, job }));
  const busy = save.isPending || reading;
  return (
    <Group gap="md" align="flex-start">
      {slack && (
        <SlackChannelSelect
          // Empty again once it is among the rules.
          key={save.submittedAt}
          account={account}
          label="Tell a Slack channel, too"
          value={null}
          disabled={busy}
          onChange={(channel) => channel !== null && add({ service: 'slack', ...channel })}
        />
      )}
      {teams && (
        <TeamsChannelSelect
          account={account}
          label="Tell a Teams channel, too"
          value={null}
          disabled={busy}
          onChange={(id) => id !== null && add({ service: 'teams', id: Number(id) })}
        />
      )}
      {save.error && <p role="alert">{messageOf(save.error)}</p>}
    </Group>
  );
}
