import { expect, it } from 'vitest';
import { pullRequestAddress, pullRequestOf } from './pull-request';

const at = (remote_url: string) => ({ remote_url, web_url: null });

it('reads which pull request a run is for, whoever hosts it', () => {
  const of = (facts: object) => pullRequestOf({ cause: null, ...facts })?.number;
  expect(of({ github_pull_request_id: 12 })).toBe(12);
  expect(of({ github_pull_request_id: null, gitlab_merge_request_id: 3 })).toBe(3);
  expect(of({ azure_pull_request_id: 4 })).toBe(4);
  expect(of({ non_native_pull_request_id: 5 })).toBe(5);
  expect(of({})).toBeUndefined();
  expect(pullRequestOf(null)).toBeNull();
});

it('knows where each host shows it', () => {
  const address = (remote: string, facts: object) => {
    const found = pullRequestOf({ cause: null, ...facts });
    return found && pullRequestAddress(at(remote), found);
  };
  expect(address('git@github.com:a/b.git', { github_pull_request_id: 12 })).toBe(
    'https://github.com/a/b/pull/12',
  );
  expect(address('https://git.acme.com/a/b.git', { gitlab_merge_request_id: 3 })).toBe(
    'https://git.acme.com/a/b/-/merge_requests/3',
  );
  expect(address('git@ssh.dev.azure.com:v3/o/p/r', { azure_pull_request_id: 4 })).toBe(
    'https://dev.azure.com/o/p/_git/r/pullrequest/4',
  );
  expect(address('https://codeberg.org/a/b.git', { non_native_pull_request_id: 5 })).toBe(
    'https://codeberg.org/a/b/pulls/5',
  );
  expect(address('https://git.acme.com/a/b.git', { non_native_pull_request_id: 5 })).toBeNull();
});
