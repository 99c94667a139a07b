import { expect, it } from 'vitest';
import { commitAddress } from './commit-address';

it.each([
  ['git@github.com:acme/shop.git', 'https://github.com/acme/shop/commit/abc'],
  ['https://github.com/acme/shop', 'https://github.com/acme/shop/commit/abc'],
  ['https://github.example.com/acme/shop.git/', 'https://github.example.com/acme/shop/commit/abc'],
  [
    'ssh://git@gitlab.acme.io:2222/data/sub/shop.git',
    'https://gitlab.acme.io/data/sub/shop/-/commit/abc',
  ],
  ['git@bitbucket.org:acme/shop.git', 'https://bitbucket.org/acme/shop/commits/abc'],
  [
    'https://acme@dev.azure.com/acme/data/_git/shop',
    'https://dev.azure.com/acme/data/_git/shop/commit/abc',
  ],
  [
    'git@ssh.dev.azure.com:v3/acme/data/shop',
    'https://dev.azure.com/acme/data/_git/shop/commit/abc',
  ],
  ['file:///srv/git/shop.git', null],
  ['https://git.example.com/shop.git', null],
  ['https://evil.example.com/github.com/x', null],
  ['javascript://github.com/%0aalert(1)', null],
  ['', null],
])('%s', (remote_url, address) => {
  expect(commitAddress({ remote_url, web_url: null }, 'abc')).toBe(address);
});

it('prefers the address for people, and is nothing without a commit', () => {
  const repository = { remote_url: 'file:///x', web_url: 'https://gitlab.com/acme/shop' };
  expect(commitAddress(repository, 'abc')).toBe('https://gitlab.com/acme/shop/-/commit/abc');
  expect(commitAddress(repository, null)).toBeNull();
  expect(commitAddress(null, 'abc')).toBeNull();
});
