import { expect, it } from 'vitest';
import { hostName } from './host-keys-api';

it('names a host with its port where that says something', () => {
  expect(hostName({ hostname: 'git.example.com', port: 22 })).toBe('git.example.com');
  expect(hostName({ hostname: 'git.example.com', port: 2222 })).toBe('git.example.com:2222');
  expect(hostName({ hostname: '::1', port: 2222 })).toBe('[::1]:2222');
});
