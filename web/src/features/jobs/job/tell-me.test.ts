import { expect, test } from 'vitest';
import type { NotificationRule } from '@/features/notifications/notifications-api';
import { changed, ownRule, rulesOf, tellsOf } from './tell-me';

const rule = (over: Partial<NotificationRule>): NotificationRule => ({
  id: 1,
  type: 1,
  user_id: 5,
  external_email: null,
  slack_channel_id: null,
  slack_channel_name: null,
  teams_channel_id: null,
  on_failure: [],
  on_warning: [],
  on_success: [],
  on_cancel: [],
  created_at: null,
  ...over,
});

test('the own rule is that by e-mail to oneself', () => {
  const rules = [rule({ user_id: 6 }), rule({ id: 2, type: 4 }), rule({ id: 3 })];
  expect(ownRule(rules, 5)?.id).toBe(3);
  expect(ownRule(rules, 7)).toBeUndefined();
});

test('a change is of one end of one job', () => {
  const before = rule({ on_failure: [1, 2], on_success: [2] });
  expect(changed(before, { user: 5, job: 3, end: 'on_failure', on: true }).on_failure).toEqual([
    1, 2, 3,
  ]);
  const after = changed(before, { user: 5, job: 2, end: 'on_failure', on: false });
  expect(after.on_failure).toEqual([1]);
  expect(after.on_success).toEqual([2]);
  expect(tellsOf(after, 'on_success', 2)).toBe(true);
  const first = changed(undefined, { user: 5, job: 2, end: 'on_cancel', on: true });
  expect(first).toMatchObject({ type: 1, user_id: 5, on_cancel: [2], on_failure: [] });
});

test('who hears of a job', () => {
  const rules = [rule({ on_failure: [9] }), rule({ id: 2, on_warning: [8] })];
  expect(rulesOf(rules, 8).map(({ id }) => id)).toEqual([2]);
});
