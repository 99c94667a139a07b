import { expect, it } from 'vitest';
import { apiUrlOf, hostKinds, kindOf, remoteOf } from './host-kinds';

it('reads the forms of a git URL', () => {
  expect(remoteOf('https://user:x@Git.example.com:8443/a/b.git')).toEqual({
    site: 'https://git.example.com:8443',
    host: 'git.example.com',
    path: 'a/b.git',
  });
  expect(remoteOf('ssh://git@git.example.com:2222/a/b.git')?.site).toBe('https://git.example.com');
  expect(remoteOf('git@github.com:a/b.git')).toMatchObject({ host: 'github.com', path: 'a/b.git' });
  expect(remoteOf('/srv/git/shop')).toBeNull();
});

it('guesses the kind of a host by its name', () => {
  expect(kindOf('git@github.com:a/b.git')).toBe('github');
  expect(kindOf('https://acme.ghe.com/a/b.git')).toBe('github');
  expect(kindOf('https://gitlab.example.com/a/b.git')).toBe('gitlab');
  expect(kindOf('git@ssh.dev.azure.com:v3/acme/shop/shop')).toBe('azure_devops');
  expect(kindOf('https://tfs.example.com/c/p/_git/shop')).toBe('azure_devops');
  expect(kindOf('https://codeberg.org/a/b.git')).toBe('gitea');
  expect(kindOf('https://git.example.com/a/b.git')).toBeNull();
  expect(kindOf('https://notgithub.com/a/b.git')).toBeNull();
});

it('guesses where its API is', () => {
  expect(apiUrlOf('github', 'git@github.com:a/b.git')).toBe('https://api.github.com');
  expect(apiUrlOf('github', 'git@github.acme.com:a/b.git')).toBe('https://github.acme.com/api/v3');
  expect(apiUrlOf('gitlab', 'https://git.acme.com:8443/a/b.git')).toBe(
    'https://git.acme.com:8443/api/v4',
  );
  expect(apiUrlOf('gitea', 'ssh://git@git.acme.com:2222/a/b.git')).toBe(
    'https://git.acme.com/api/v1',
  );
  expect(apiUrlOf('azure_devops', 'https://acme.visualstudio.com/p/_git/r')).toBe(
    'https://dev.azure.com',
  );
});

it('says for each where the address and the secret go', () => {
  for (const { steps } of Object.values(hostKinds))
    expect(steps.flatMap(({ copies }) => copies ?? []).sort()).toEqual(['secret', 'url']);
});
