import { describe, expect, it } from 'vitest';
import { homeOf, safeNext } from './next';

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
