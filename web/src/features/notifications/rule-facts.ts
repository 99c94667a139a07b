import type { NotificationRule, RuleInput } from './notifications-api';

/** The API's numbers for how somebody is told. */
export const channels = [
  { type: 1, word: 'E-mail to a user' },
  { type: 4, word: 'E-mail to another address' },
  { type: 5, word: 'Slack channel' },
  { type: 6, word: 'Microsoft Teams channel' },
] as const;

export const slackTypes: readonly number[] = [2, 5];
export const teamsType = 6;

/** By what somebody is told: “Slack”. */
export function byWord(type: number): string {
  if (slackTypes.includes(type)) return 'Slack';
  return type === teamsType ? 'Teams' : 'e-mail';
}

/** What a rule may be of: what is on, and what it is already. */
export function channelsFor(on: { slack: boolean; teams: boolean }, type: number | undefined) {
  return channels.filter(
    (channel) =>
      (channel.type !== 5 || on.slack || slackTypes.includes(type ?? 0)) &&
      (channel.type !== teamsType || on.teams || type === teamsType),
  );
}

export const outcomes = [
  { key: 'on_failure', word: 'fails', label: 'When it fails' },
  { key: 'on_warning', word: 'has warnings', label: 'When it succeeds with warnings' },
  { key: 'on_success', word: 'succeeds', label: 'When it succeeds' },
  { key: 'on_cancel', word: 'is cancelled', label: 'When it is cancelled' },
] as const;

/** “fails: Nightly, Hourly · is cancelled: Nightly” */
export function outcomesText(rule: NotificationRule, jobs: ReadonlyMap<number, string>): string {
  return outcomes
    .filter(({ key }) => rule[key].length > 0)
    .map(
      ({ key, word }) => `${word}: ${rule[key].map((id) => jobs.get(id) ?? `#${id}`).join(', ')}`,
    )
    .join(' · ');
}

export interface RuleValues {
  type: string;
  user_id: string | null;
  external_email: string;
  slack_channel_id: string;
  slack_channel_name: string;
  teams_channel_id: string | null;
  on_failure: string[];
  on_warning: string[];
  on_success: string[];
  on_cancel: string[];
}

export function valuesOf(rule: NotificationRule | undefined, user: number): RuleValues {
  const texts = (ids: readonly number[] | undefined) => (ids ?? []).map(String);
  return {
    type: String(rule?.type ?? 1),
    user_id: String(rule?.user_id ?? user),
    external_email: rule?.external_email ?? '',
    slack_channel_id: rule?.slack_channel_id ?? '',
    slack_channel_name: rule?.slack_channel_name ?? '',
    teams_channel_id: rule?.teams_channel_id == null ? null : String(rule.teams_channel_id),
    on_failure: texts(rule?.on_failure),
    on_warning: texts(rule?.on_warning),
    on_success: texts(rule?.on_success),
    on_cancel: texts(rule?.on_cancel),
  };
}

/** What is sent: of another channel than the chosen one nothing stays. */
export function inputOf(values: RuleValues): RuleInput {
  const type = Number(values.type);
  const slack = slackTypes.includes(type);
  return {
    type,
    user_id: Number(values.user_id),
    external_email: type === 4 ? values.external_email.trim() : null,
    slack_channel_id: slack ? values.slack_channel_id.trim() : null,
    slack_channel_name: slack ? values.slack_channel_name.trim() : null,
    teams_channel_id: type === teamsType ? Number(values.teams_channel_id) : null,
    on_failure: values.on_failure.map(Number),
    on_warning: values.on_warning.map(Number),
    on_success: values.on_success.map(Number),
    on_cancel: values.on_cancel.map(Number),
  };
}

export function validateRule(values: RuleValues): Partial<Record<keyof RuleValues, string>> {
  const wrong: Partial<Record<keyof RuleValues, string>> = {};
  const type = Number(values.type);
  if (values.user_id === null) wrong.user_id = 'Choose a user';
  if (type === 4 && !values.external_email.includes('@')) {
    wrong.external_email = 'Enter an e-mail address';
  }
  if (slackTypes.includes(type) && values.slack_channel_id.trim() === '') {
    wrong.slack_channel_id = 'Choose a channel';
  }
  if (type === teamsType && values.teams_channel_id === null) {
    wrong.teams_channel_id = 'Choose a channel';
  }
  if (outcomes.every(({ key }) => values[key].length === 0)) {
    wrong.on_failure = 'Choose a job for at least one of these';
  }
  return wrong;
}
