import { Button, Skeleton } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { ApiError, messageOf } from '@/api/errors';
import { ConfirmButton } from '@/ui/confirm-button';
import { CopyText } from '@/ui/copy';
import { Fact, Facts } from '@/ui/facts';
import { Page } from '@/ui/page';
import { PageHeader } from '@/ui/page-header';
import { Problem } from '@/ui/problem';
import { TimeAgo } from '@/ui/time-ago';
import { GitHostSection } from '../git-hosts/git-host-section';
import { projectsQuery } from '../projects/projects-api';
import { PullRequestsSection } from '../pull-requests/pull-requests-section';
import {
  downloadAddress,
  type Repository,
  repositoryQuery,
  useDeleteRepository,
} from './repositories-api';
import { wayInWord } from './repository-draft';
import { WayIn } from './way-in';

export function RepositoryPage() {
  const { account, repository: id } = useParams({
    from: '/signed-in/settings/$account/repositories/$repository',
  });
  const query = useQuery(repositoryQuery(account, id));
  useDocumentTitle(`${query.data?.full_name ?? 'Repository'} · Millwright`);
  if (query.data !== undefined) return <Content account={account} repository={query.data} />;
  const missing = query.error instanceof ApiError && query.error.kind === 'not_found';
  return (
    <Page kind="text">
      <PageHeader title="Repository" />
      {query.isError ? (
        <Problem
          title={missing ? 'There is no such repository' : 'The repository could not be read'}
          {...(missing ? {} : { onRetry: () => void query.refetch() })}
        >
          {missing ? 'It may have been deleted, or you may not see it.' : messageOf(query.error)}
        </Problem>
      ) : (
        <Skeleton height={160} />
      )}
    </Page>
  );
}

function Content({ account, repository }: { account: number; repository: Repository }) {
  const projects = useQuery(projectsQuery(account));
  const project = projects.data?.find(({ id }) => id === repository.project_id);
  const isUsed = project?.repository_id === repository.id;
  return (
    <Page kind="text">
      <PageHeader
        title={<bdi>{repository.full_name}</bdi>}
        aside={wayInWord(repository.remote_backend, repository.git_clone_strategy)}
        actions={
          repository.remote_backend === 'managed' && (
            <Button
              variant="default"
              component="a"
              href={downloadAddress(account, repository)}
              download
            >
              Download as ZIP
            </Button>
          )
        }
      />
      <Facts>
        <Fact name="Git URL">
          <CopyText text={repository.remote_url} what="Git URL">
            <code className="mono">{repository.remote_url}</code>
          </CopyText>
        </Fact>
        <Fact name="Project">
          <Link
            to="/settings/$account/projects/$project"
            params={{ account, project: repository.project_id }}
          >
            <bdi>{project?.name ?? `#${repository.project_id}`}</bdi>
          </Link>
          {project !== undefined && !isUsed && ', which takes its code from another one now'}
        </Fact>
        <Fact name="Id">
          <CopyText text={String(repository.id)} what="repository id">
            <span className="tabular">#{repository.id}</span>
          </CopyText>
        </Fact>
        <Fact name="Connected">
          <TimeAgo at={repository.created_at} />
        </Fact>
      </Facts>
      <WayIn repository={repository} />
      <GitHostSection account={account} repository={repository} />
      <PullRequestsSection account={account} repository={repository} />
      <Delete account={account} repository={repository} isUsed={isUsed} />
    </Page>
  );
}

interface DeleteProps {
  account: number;
  repository: Repository;
  isUsed: boolean;
}

function Delete({ account, repository, isUsed }: DeleteProps) {
  const navigate = useNavigate();
  const remove = useDeleteRepository(account, repository);
  return (
    <div>
      <ConfirmButton
        word="Delete repository"
        question={`Delete ${repository.full_name}?`}
        pending={remove.isPending}
        error={remove.error && messageOf(remove.error)}
        onConfirm={() =>
          remove.mutate(isUsed, {
            onSuccess: () =>
              void navigate({ to: '/settings/$account/repositories', params: { account } }),
          })
        }
      >
        {isUsed && <p>Jobs of its project can't run until the project has another one.</p>}
        {repository.remote_backend === 'managed'
          ? 'It can no longer be fetched. Its files stay on the appliance until the operator removes them.'
          : 'Its deploy key goes with it. The repository itself, at your git host, is not touched.'}
      </ConfirmButton>
    </div>
  );
}
