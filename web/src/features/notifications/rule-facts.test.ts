import { expect, test } from 'vitest';
import type { NotificationRule } from './notifications-api';
import { byWord, channelsFor, inputOf, outcomesText, validateRule, valuesOf } from './rule-facts';

const rule: NotificationRule = {
  id: 1,
  type: 4,
  user_id: 2,
  external_email: 'ops@example.com',
  slack_channel_id: null,
  slack_channel_name: null,
  teams_channel_id: null,
  on_failure: [1, 2],
  on_warning: [],
  on_success: [],
  on_cancel: [9],
  created_at: null,
};

test('a rule is told by its jobs', () => {
  expect(
    outcomesText(
      rule,
      new Map([
        [1, 'Nightly'],
        [2, 'Hourly'],
      ]),
    ),
  ).toBe('fails: Nightly, Hourly · is cancelled: #9');
});

test('a rule goes through the form unchanged, and loses what its channel does not need', () => {
  const { id: _id, created_at: _created, ...input } = rule;
  expect(inputOf(valuesOf(rule, 7))).toEqual(input);
  const byMail = inputOf({ ...valuesOf(rule, 7), type: '1' });
  expect(byMail.external_email).toBeNull();
});

test('each channel asks for what it needs', () => {
  const empty = valuesOf(undefined, 7);
  expect(empty.user_id).toBe('7');
  expect(Object.keys(validateRule(empty))).toEqual(['on_failure']);
  const some = { ...empty, on_success: ['1'] };
  expect(validateRule(some)).toEqual({});
  expect(Object.keys(validateRule({ ...some, type: '4' }))).toEqual(['external_email']);
  expect(Object.keys(validateRule({ ...some, type: '5' }))).toEqual(['slack_channel_id']);
  expect(Object.keys(validateRule({ ...some, type: '6' }))).toEqual(['teams_channel_id']);
  const teams = inputOf({ ...some, type: '6', teams_channel_id: '3', slack_channel_id: 'C1' });
  expect(teams).toMatchObject({ type: 6, teams_channel_id: 3, slack_channel_id: null });
});

test('what is off is no choice, unless the rule is of it', () => {
  const types = (on: { slack: boolean; teams: boolean }, type?: number) =>
    channelsFor(on, type).map((channel) => channel.type);
  expect(types({ slack: false, teams: false })).toEqual([1, 4]);
  expect(types({ slack: true, teams: true })).toEqual([1, 4, 5, 6]);
  expect(types({ slack: false, teams: false }, 2)).toEqual([1, 4, 5]);
  expect(types({ slack: true, teams: false }, 6)).toEqual([1, 4, 5, 6]);
  expect([1, 4, 2, 5, 6].map(byWord)).toEqual(['e-mail', 'e-mail', 'Slack', 'Slack', 'Teams']);
});
