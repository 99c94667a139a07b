import { describe, expect, test } from 'vitest';
import { isExpired, matches, nameOf, readAddresses } from './member';
import type { Member } from './users-api';

const ann: Member = {
  id: 4,
  email: 'ann@example.com',
  first_name: 'Ann',
  last_name: 'Lovelace',
  is_active: true,
  last_login: null,
  apitoken_last_used: null,
  created_at: '2026-01-01T00:00:00+00:00',
  permissions: [
    {
      id: 9,
      license_type: 'developer',
      groups: [{ id: 1, name: 'Analytics' }],
      created_at: '2026-01-01T00:00:00+00:00',
    },
  ],
};

test('who gave no name is called by the address', () => {
  expect(nameOf(ann)).toBe('Ann Lovelace');
  expect(nameOf({ ...ann, first_name: '', last_name: ' ' })).toBe('ann@example.com');
});

describe('searching', () => {
  test.each(['lovel', 'ANN@', 'analytics', 'ann analytics', ''])('finds by “%s”', (sought) => {
    expect(matches(ann, sought)).toBe(true);
  });
  test('does not find by what only half fits', () => {
    expect(matches(ann, 'ann finance')).toBe(false);
  });
});

test('pasted addresses', () => {
  expect(readAddresses('Ann <ann@example.com>; ben@example.com,\nann@example.com and')).toEqual([
    'ann@example.com',
    'ben@example.com',
  ]);
});

test('an invitation ends at its time', () => {
  const invite = { expires_at: '2026-01-01T00:00:00+00:00' };
  expect(isExpired(invite, Date.parse('2025-12-31T23:59:59Z'))).toBe(false);
  expect(isExpired(invite, Date.parse('2026-01-01T00:00:00Z'))).toBe(true);
});
