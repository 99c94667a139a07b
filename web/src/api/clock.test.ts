import { afterEach, expect, it } from 'vitest';
import { noteServerDate, serverNow } from './clock';

const local = Date.parse('2026-03-01T10:00:00Z');

afterEach(() => noteServerDate(new Date(local).toUTCString(), local));

it('follows a server whose clock is off', () => {
  noteServerDate('Sun, 01 Mar 2026 10:05:00 GMT', local);
  expect(serverNow(local) - local).toBe(300_000);
});

it('ignores what the header cannot resolve', () => {
  noteServerDate('Sun, 01 Mar 2026 10:00:02 GMT', local);
  expect(serverNow(local)).toBe(local);
});

it('does not wobble with the header', () => {
  noteServerDate('Sun, 01 Mar 2026 10:05:00 GMT', local);
  noteServerDate('Sun, 01 Mar 2026 10:05:01 GMT', local);
  expect(serverNow(local) - local).toBe(300_000);
});

it.each([null, 'yesterday'])('keeps what it knows on %j', (header) => {
  noteServerDate('Sun, 01 Mar 2026 09:00:00 GMT', local);
  noteServerDate(header, local);
  expect(serverNow(local) - local).toBe(-3_600_000);
});
