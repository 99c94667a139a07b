import type { NotificationRule, RuleInput } from '@/features/notifications/notifications-api';
import { outcomes } from '@/features/notifications/rule-facts';

export type End = (typeof outcomes)[number]['key'];

const email = 1;

/** The rule by which somebody is told by e-mail; there may be several, made by programs: the first counts. */
export function ownRule(
  rules: readonly NotificationRule[],
  user: number,
): NotificationRule | undefined {
  return rules.find((rule) => rule.type === email && rule.user_id === user);
}

export function tellsOf(rule: RuleInput | undefined, end: End, job: number): boolean {
  return rule?.[end].includes(job) ?? false;
}

/** The rule with one end of one job added or taken away; what it says of other jobs stays. */
export function changed(
  rule: NotificationRule | undefined,
  change: { user: number; job: number; end: End; on: boolean },
): RuleInput {
  const kept: RuleInput = {
    type: email,
    user_id: change.user,
    external_email: rule?.external_email ?? null,
    slack_channel_id: rule?.slack_channel_id ?? null,
    slack_channel_name: rule?.slack_channel_name ?? null,
    teams_channel_id: rule?.teams_channel_id ?? null,
    on_failure: rule?.on_failure ?? [],
    on_warning: rule?.on_warning ?? [],
    on_success: rule?.on_success ?? [],
    on_cancel: rule?.on_cancel ?? [],
  };
  const others = kept[change.end].filter((id) => id !== change.job);
  return { ...kept, [change.end]: change.on ? [...others, change.job] : others };
}

/** Of the rules, those that tell somebody of this job. */
export function rulesOf(rules: readonly NotificationRule[], job: number): NotificationRule[] {
  return rules.filter((rule) => outcomes.some(({ key }) => rule[key].includes(job)));
}
