import { expect, test } from 'vitest';
import { readChatSearch } from './search-params';

test('what is broken in an address reads as absent', () => {
  expect(readChatSearch({ status: 'lost', message: -1, channel: 'x', slack: 7 })).toEqual({});
});

test('status, message, channel and the way back from Slack are read', () => {
  expect(
    readChatSearch({ status: 'failed', message: '7', channel: 'new', slack: 'connected' }),
  ).toEqual({ status: 'failed', message: 7, channel: 'new', slack: 'connected' });
  expect(readChatSearch({ channel: '3' })).toEqual({ channel: 3 });
});
