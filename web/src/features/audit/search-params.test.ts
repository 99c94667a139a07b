import { expect, test } from 'vitest';
import { isFiltered, queryOf, readAuditSearch, withSearch } from './search-params';

test('what is broken in an address reads as absent', () => {
  const broken = { event: '  ', actor: 'x', from: '2026-13-01', until: 7, entry: -1 };
  expect(readAuditSearch(broken)).toEqual({});
  expect(isFiltered({ entry: 3 })).toBe(false);
});

test('days are whole days', () => {
  const search = readAuditSearch({
    event: 'job.',
    actor: '4',
    from: '2026-01-02',
    until: '2026-01-02',
  });
  expect(queryOf(search)).toEqual({
    event_type__icontains: 'job.',
    actor_type: 'user',
    actor_id: 4,
    logged_at_start: '2026-01-02T00:00:00Z',
    logged_at_end: '2026-01-02T23:59:59.999999Z',
  });
});

test('a filter is taken out by emptying it', () => {
  expect(withSearch({ event: 'job', actor: 1 }, { event: '' })).toEqual({ actor: 1 });
});
