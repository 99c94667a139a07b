import { describe, expect, it } from 'vitest';
import { homeOf, readSignInSearch, safeNext } from './next';

describe('safeNext', () => {
  it.each(['/', '/deploy/1/runs?status=error', '/deploy/1/projects/3/runs/9/?tab=nodes#x'])(
    'goes to %s',
    (path) => {
      expect(safeNext(path)).toBe(path);
    },
  );

  it.each([
    undefined,
    7,
    '',
    'deploy/1/runs',
    'https://evil.example/',
    '//evil.example/',
    '/\\evil.example/',
    '/\t/evil.example/',
    '/./\\evil.example',
    '/x/..//evil.example',
    'javascript:alert(1)',
    '/sign-in',
    '/sign-in/?next=/sign-in',
  ])('refuses %j', (value) => {
    expect(safeNext(value)).toBeNull();
  });
});

it('starts at the runs of the account', () => {
  const user = { id: 1, email: 'a@b.c', first_name: '', last_name: '' };
  expect(homeOf({ user, account: { id: 5, name: 'x' } })).toBe('/deploy/5/runs');
});

describe('readSignInSearch', () => {
  it('reads what the server says of a single sign-on', () => {
    const search = { sign_on: 'refused', provider: 'acme-2', next: '/deploy/1/runs' };
    expect(readSignInSearch(search)).toEqual(search);
    expect(readSignInSearch({ provider: 7 })).toEqual({ provider: '7' });
  });

  it('takes nothing that others could put their words into', () => {
    const search = { sign_on: 'call 555', provider: 'a b', next: 'https://evil.example/' };
    expect(readSignInSearch(search)).toEqual({});
    expect(readSignInSearch({ sign_on: '', provider: ['a', 'b'] })).toEqual({});
  });
});
