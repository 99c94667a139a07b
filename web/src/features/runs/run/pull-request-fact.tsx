import { IconExternalLink, IconGitPullRequest } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { Run } from '@/api/types';
import { pullRequestsQuery } from '../../pull-requests/pull-requests-api';
import type { Origin } from './insight-api';
import { pullRequestAddress, pullRequestOf } from './pull-request';
import css from './run-header.module.css';

interface PullRequestFactProps {
  account: number;
  run: Run;
  origin: Origin | undefined;
}

/** Which pull request a run is for, where the cause does not say it, and the way to it. */
export function PullRequestFact({ account, run, origin }: PullRequestFactProps) {
  const found = pullRequestOf(run.trigger);
  const repository = origin?.repository ?? null;
  const guessed = found && pullRequestAddress(repository, found);
  // A host whose addresses can't be told from its name has said this one's itself.
  const told = useQuery({
    ...pullRequestsQuery(account, repository?.id ?? 0, 'all'),
    enabled: found !== null && repository?.id !== undefined && guessed === null,
  });
  if (found === null) return null;
  const name = `Pull request ${found.number}`;
  const isSaid = run.trigger?.cause?.startsWith(`${name}:`) ?? false;
  const url = told.data?.find(({ number }) => number === found.number)?.url ?? '';
  const address = guessed ?? (/^https?:\/\//.test(url) ? url : null);
  if (isSaid && address === null) return null;
  return (
    <span className={isSaid ? css.fact : `${css.fact} ${css.also}`}>
      {!isSaid && (
        <>
          <IconGitPullRequest size={14} stroke={1.75} aria-hidden="true" />
          {name}
        </>
      )}
      {address !== null && (
        <a
          href={address}
          target="_blank"
          rel="noreferrer"
          className={css.commit}
          aria-label="Look at the pull request at its host"
          title="Look at the pull request at its host"
        >
          <IconExternalLink size={14} stroke={1.75} aria-hidden="true" />
        </a>
      )}
    </span>
  );
}
