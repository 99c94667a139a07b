import { expect, test } from 'vitest';
import { outgoingStatuses } from '../outbox/outbox-facts';
import type { Chat } from './chat-api';
import { channelWord, hasChat, isOn, nothingSent, returnFromSlack, slackWorks } from './chat-facts';

const workspace = {
  id: 1,
  name: 'Harbour',
  bot_name: 'millwright',
  broken_reason: null,
  broken_at: null,
  updated_at: '2026-01-02T03:04:05Z',
};

const chat = (over: Partial<Chat['slack']>): Chat => ({
  slack: { available: true, enabled: true, can_connect: false, workspace, ...over },
  teams: { available: false, enabled: true },
});

test('a chat is on where the operator and the account want it', () => {
  expect(isOn({ available: true, enabled: true })).toBe(true);
  expect(isOn({ available: true, enabled: false })).toBe(false);
  expect(isOn({ available: false, enabled: true })).toBe(false);
  expect(isOn(undefined)).toBe(false);
});

test('there is a page while the operator has one of them on', () => {
  expect(hasChat(chat({ enabled: false }))).toBe(true);
  expect(hasChat(chat({ available: false }))).toBe(false);
  expect(hasChat(undefined)).toBe(false);
});

test('Slack works with a workspace that takes messages', () => {
  expect(slackWorks(chat({}))).toBe(true);
  expect(slackWorks(chat({ enabled: false }))).toBe(false);
  expect(slackWorks(chat({ workspace: null }))).toBe(false);
  expect(slackWorks(chat({ workspace: { ...workspace, broken_reason: 'revoked' } }))).toBe(false);
});

test('a channel of Slack has its sign once', () => {
  expect(channelWord('alerts')).toBe('#alerts');
  expect(channelWord('#alerts')).toBe('#alerts');
  expect(channelWord('')).toBe('');
});

test('a list without rows says why', () => {
  expect(new Set([undefined, ...outgoingStatuses].map(nothingSent)).size).toBe(4);
});

test('what came of a visit to Slack is said, and nothing else', () => {
  expect(returnFromSlack('connected')?.tone).toBe('blue');
  expect(returnFromSlack('refused')?.tone).toBe('amber');
  expect(returnFromSlack('toString')).toBeUndefined();
  expect(returnFromSlack(undefined)).toBeUndefined();
});
