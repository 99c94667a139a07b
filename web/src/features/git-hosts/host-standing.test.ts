import { expect, it } from 'vitest';
import type { Repository } from '../repositories/repositories-api';
import type { GitHosts, HostLink } from './git-hosts-api';
import { isOfApp, lackOf, standingOfInstallation, standingOfLink } from './host-standing';

const link: HostLink = {
  kind: 'gitlab',
  api_url: 'https://gitlab.com/api/v4',
  webhook_url: 'https://millwright/api/v1/webhooks/repository/1/',
  broken_since: null,
  broken_reason: null,
  last_used_at: null,
  last_delivery_at: '2026-11-26T14:46:21Z',
};

const installation = {
  id: 5,
  login: 'acme',
  suspended: false,
  broken_since: null,
  broken_reason: null,
  created_at: '2026-11-26T14:46:21Z',
};

const hosts: GitHosts = {
  github_app: {
    available: true,
    enabled: true,
    base_url: 'https://github.com',
    configure_url: null,
    installations: [installation],
  },
  links: { available: true, enabled: true },
};

const repository = {
  id: 1,
  remote_url: 'https://github.com/acme/shop.git',
  remote_backend: 'github',
  github_installation_id: null,
} as Repository;

it('tells a link that works from one that is refused and one that hears nothing', () => {
  expect(standingOfLink(link).state).toBe('success');
  expect(standingOfLink({ ...link, last_delivery_at: null }).state).toBe('warning');
  const broken = { broken_since: '2026-11-26T14:46:21Z', broken_reason: '401: Bad credentials' };
  expect(standingOfLink({ ...link, ...broken })).toMatchObject({
    state: 'error',
    reason: '401: Bad credentials',
  });
  expect(standingOfInstallation({ ...installation, suspended: true }).word).toBe('Suspended');
});

it('offers the App on its own host only', () => {
  expect(isOfApp(hosts, 'git@github.com:acme/shop.git')).toBe(true);
  expect(isOfApp(hosts, 'https://gitlab.com/acme/shop.git')).toBe(false);
  const own = { ...hosts.github_app, base_url: 'https://code.acme.com' };
  expect(isOfApp({ ...hosts, github_app: own }, 'https://code.acme.com/a/b.git')).toBe(true);
  const off = { ...hosts.github_app, enabled: false };
  expect(isOfApp({ ...hosts, github_app: off }, 'git@github.com:acme/shop.git')).toBe(false);
});

it('knows what is missing for pull requests to be built', () => {
  expect(lackOf({ hosts, repository, link: null })).toBe('none');
  expect(lackOf({ hosts, repository, link })).toBeNull();
  const byApp = { ...repository, github_installation_id: 5 };
  expect(lackOf({ hosts, repository: byApp, link: null })).toBeNull();
  const broken = { ...link, broken_since: '2026-11-26T14:46:21Z' };
  expect(lackOf({ hosts, repository, link: broken })).toBe('broken');
  const managed = { ...repository, remote_backend: 'managed' };
  expect(lackOf({ hosts, repository: managed, link: null })).toBe('managed');
  const off = {
    github_app: { ...hosts.github_app, enabled: false },
    links: { available: false, enabled: false },
  };
  expect(lackOf({ hosts: off, repository, link: null })).toBe('off');
});
