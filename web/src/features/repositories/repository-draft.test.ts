import { expect, it } from 'vitest';
import { newRepository, problemsOfRepository, whereToPutTheKey } from './repository-draft';

it('wants an address that fits the way in', () => {
  const problem = (kind: 'deploy_key' | 'https', remote_url: string) =>
    problemsOfRepository({ ...newRepository(), kind, remote_url })['remote_url'];
  expect(problem('deploy_key', '')).toBeDefined();
  expect(problem('deploy_key', 'https://github.com/a/b.git')).toBeDefined();
  expect(problem('deploy_key', 'git@github.com:a/b.git')).toBeUndefined();
  expect(problem('deploy_key', ' ssh://git@host:22/a/b.git ')).toBeUndefined();
  expect(problem('https', 'git@github.com:a/b.git')).toBeDefined();
  expect(problem('https', 'https://github.com/a/b.git')).toBeUndefined();
});

it('wants a name of one that is kept here', () => {
  expect(problemsOfRepository({ ...newRepository(), kind: 'managed' })).toHaveProperty('name');
  expect(problemsOfRepository({ ...newRepository(), kind: 'managed', name: 'Shop' })).toEqual({});
});

it('knows where hosts take a deploy key', () => {
  expect(whereToPutTheKey('git@github.com:a/b.git')).toContain('Deploy keys');
  expect(whereToPutTheKey('git@git.example.com:a/b.git')).toBeNull();
});
