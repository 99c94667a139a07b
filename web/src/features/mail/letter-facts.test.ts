import { expect, test } from 'vitest';
import { outgoingStatuses } from '../outbox/outbox-facts';
import { kindWord, letterAbout, nothingListed, sendingOf } from './letter-facts';
import type { Letter } from './mail-api';

const letter: Letter = {
  id: 1,
  kind: 'run',
  recipient: 'ops@example.com',
  subject: '',
  run_id: 12,
  project_id: 3,
  status: 'pending',
  attempts: 0,
  last_error: null,
  created_at: '2026-01-02T03:04:05Z',
  ended_at: null,
  next_try_at: '2026-01-02T03:04:05Z',
};

test('a letter goes by its subject, or by what it will be about', () => {
  expect(letterAbout({ ...letter, subject: 'Nightly failed' })).toBe('Nightly failed');
  expect(letterAbout(letter)).toBe('Run #12');
  expect(letterAbout({ ...letter, kind: 'test', run_id: null })).toBe(kindWord('test'));
});

test('a list without rows says why', () => {
  const texts = [undefined, ...outgoingStatuses].map(nothingListed);
  expect(new Set(texts).size).toBe(4);
});

test('e-mail is sent where there is a server and the account wants it', () => {
  expect(sendingOf({ configured: true, enabled: true })).toBe('sent');
  expect(sendingOf({ configured: true, enabled: false })).toBe('off');
  for (const enabled of [true, false])
    expect(sendingOf({ configured: false, enabled })).toBe('no server');
});
