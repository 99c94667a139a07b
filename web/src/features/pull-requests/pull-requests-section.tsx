import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { messageOf } from '@/api/errors';
import { DataTable } from '@/ui/data-table';
import { FilterChip, FilterChips } from '@/ui/filter-chip';
import { Section } from '@/ui/page';
import { Problem } from '@/ui/problem';
import { gitHostsQuery } from '../git-hosts/git-hosts-api';
import type { Repository } from '../repositories/repositories-api';
import { pullColumns } from './pull-columns';
import css from './pull-requests.module.css';
import { mostPullRequests, pullRequestsQuery } from './pull-requests-api';
import { type PullStatus, pullStatuses } from './search';
import { TeachPullRequests } from './teach';

interface PullRequestsSectionProps {
  account: number;
  repository: Repository;
}

const words: Record<PullStatus, string> = {
  open: 'Open',
  merged: 'Merged',
  closed: 'Closed',
  all: 'All',
};

/** What the repository's host has told of; nothing where it can't tell of any. */
export function PullRequestsSection({ account, repository }: PullRequestsSectionProps) {
  const { data: hosts } = useQuery(gitHostsQuery(account));
  if (repository.remote_backend === 'managed') return null;
  if (hosts && !hosts.github_app.available && !hosts.links.available) return null;
  return <PullRequests account={account} repository={repository} />;
}

function PullRequests({ account, repository }: PullRequestsSectionProps) {
  const { pulls: status = 'open' } = useSearch({
    from: '/signed-in/settings/$account/repositories/$repository',
  });
  const navigate = useNavigate({ from: '/settings/$account/repositories/$repository' });
  const list = useQuery(pullRequestsQuery(account, repository.id, status));
  const columns = useMemo(() => pullColumns(account, repository), [account, repository]);
  return (
    <Section title="Pull requests" help="Each leads to the runs of its branch.">
      <FilterChips label="Filter by status">
        {pullStatuses.map((each) => (
          <FilterChip
            key={each}
            active={each === status}
            onToggle={() =>
              void navigate({
                params: { account, repository: repository.id },
                search: each === 'open' ? {} : { pulls: each },
                replace: true,
                resetScroll: false,
              })
            }
          >
            {words[each]}
          </FilterChip>
        ))}
      </FilterChips>
      {list.isError && list.data === undefined ? (
        <Problem title="The pull requests could not be read" onRetry={() => void list.refetch()}>
          {messageOf(list.error)}
        </Problem>
      ) : list.data?.length === 0 ? (
        status === 'open' || status === 'all' ? (
          <TeachPullRequests account={account} repository={repository} />
        ) : (
          <p className={css.note}>None.</p>
        )
      ) : (
        <DataTable
          inline
          label="Pull requests"
          columns={columns}
          rows={list.data}
          rowKey={({ id }) => id}
        />
      )}
      {list.data?.length === mostPullRequests && (
        <p className={css.note}>The {mostPullRequests} that changed last.</p>
      )}
    </Section>
  );
}
