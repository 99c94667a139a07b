import { expect, test } from 'vitest';
import type { NotificationRule } from '@/features/notifications/notifications-api';
import { channelRulesOf, isEmpty, ruleFor, withEnd } from './tell-channel';

const rule = (over: Partial<NotificationRule>): NotificationRule => ({
  id: 1,
  type: 5,
  user_id: 5,
  external_email: null,
  slack_channel_id: 'C1',
  slack_channel_name: '#alerts',
  teams_channel_id: null,
  on_failure: [],
  on_warning: [],
  on_success: [],
  on_cancel: [],
  created_at: null,
  ...over,
});

test('channels of chats that are on', () => {
  const rules = [
    rule({ on_failure: [9] }),
    rule({ id: 2, type: 2, on_success: [9] }),
    rule({ id: 3, type: 6, teams_channel_id: 4, on_cancel: [9] }),
    rule({ id: 4, type: 1, on_failure: [9] }),
    rule({ id: 5, on_failure: [8] }),
  ];
  const ids = (on: { slack: boolean; teams: boolean }) =>
    channelRulesOf(rules, 9, on).map(({ id }) => id);
  expect(ids({ slack: true, teams: true })).toEqual([1, 2, 3]);
  expect(ids({ slack: false, teams: true })).toEqual([3]);
  expect(ids({ slack: false, teams: false })).toEqual([]);
});

test('a channel that is chosen hears of failures, by the rule that it has or by a new one', () => {
  const known = rule({ on_failure: [1], on_success: [2] });
  const asked = { user: 7, job: 3 };
  const slack = { service: 'slack', id: 'C1', name: '#alerts' } as const;
  expect(ruleFor([known], slack, asked)).toMatchObject({
    id: 1,
    input: { on_failure: [1, 3], on_success: [2], user_id: 5 },
  });
  expect(ruleFor([], slack, asked)).toMatchObject({
    id: undefined,
    input: { type: 5, slack_channel_id: 'C1', teams_channel_id: null, on_failure: [3], user_id: 7 },
  });
  expect(ruleFor([known], { service: 'teams', id: 4 }, asked)).toMatchObject({
    id: undefined,
    input: { type: 6, slack_channel_id: null, teams_channel_id: 4 },
  });
});

test('an end is taken away, and with the last one the rule', () => {
  const one = rule({ on_failure: [3], on_warning: [3, 4] });
  expect(isEmpty(withEnd(one, 3, 'on_failure', false))).toBe(false);
  expect(isEmpty(withEnd(rule({ on_failure: [3] }), 3, 'on_failure', false))).toBe(true);
  expect(withEnd(one, 3, 'on_failure', false)).not.toHaveProperty('id');
});
