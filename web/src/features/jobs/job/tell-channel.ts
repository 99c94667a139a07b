import type { NotificationRule, RuleInput } from '@/features/notifications/notifications-api';
import { outcomes, slackTypes, teamsType } from '@/features/notifications/rule-facts';
import { type End, rulesOf } from './tell-me';

/** Rules by which channels of chats hear of a job’s runs. */

export type Channel =
  | { service: 'slack'; id: string; name: string }
  | { service: 'teams'; id: number };

/** Of the chats that are on, those rules that tell a channel of this job. */
export function channelRulesOf(
  rules: readonly NotificationRule[],
  job: number,
  on: { slack: boolean; teams: boolean },
): NotificationRule[] {
  return rulesOf(rules, job).filter(
    ({ type }) => (on.slack && slackTypes.includes(type)) || (on.teams && type === teamsType),
  );
}

function isFor(rule: NotificationRule, channel: Channel): boolean {
  return channel.service === 'slack'
    ? slackTypes.includes(rule.type) && rule.slack_channel_id === channel.id
    : rule.type === teamsType && rule.teams_channel_id === channel.id;
}

/** The rule of this channel that there is, if any; and what is to be saved, so that it hears when the job fails. */
export function ruleFor(
  rules: readonly NotificationRule[],
  channel: Channel,
  { user, job }: { user: number; job: number },
): { id: number | undefined; input: RuleInput } {
  const known = rules.find((rule) => isFor(rule, channel));
  if (known !== undefined) return { id: known.id, input: withEnd(known, job, 'on_failure', true) };
  const slack = channel.service === 'slack' ? channel : null;
  const input = {
    type: slack ? 5 : teamsType,
    user_id: user,
    external_email: null,
    slack_channel_id: slack?.id ?? null,
    slack_channel_name: slack?.name ?? null,
    teams_channel_id: channel.service === 'teams' ? channel.id : null,
    on_failure: [job],
    on_warning: [],
    on_success: [],
    on_cancel: [],
  };
  return { id: undefined, input };
}

/** One end of one job added to a rule or taken away; what it says of other jobs stays. */
export function withEnd(rule: NotificationRule, job: number, end: End, on: boolean): RuleInput {
  const { id: _id, created_at: _created, ...input } = rule;
  const others = rule[end].filter((each) => each !== job);
  return { ...input, [end]: on ? [...others, job] : others };
}

/** Whether it tells of nothing any more. */
export function isEmpty(rule: RuleInput): boolean {
  return outcomes.every(({ key }) => rule[key].length === 0);
}
