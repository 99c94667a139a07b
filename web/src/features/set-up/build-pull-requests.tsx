import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { gitHostsQuery } from '../git-hosts/git-hosts-api';
import { projectQuery } from '../projects/projects-api';
import { repositoryQuery } from '../repositories/repositories-api';

interface BuildPullRequestsProps {
  account: number;
  project: number;
}

/** A next step for who has a git host: its repository's page says what it takes. */
export function BuildPullRequests({ account, project }: BuildPullRequestsProps) {
  const hosts = useQuery(gitHostsQuery(account));
  const id = useQuery(projectQuery(account, project)).data?.repository_id ?? null;
  const repository = useQuery({ ...repositoryQuery(account, id ?? 0), enabled: id !== null });
  const isOn = hosts.data?.github_app.enabled || hosts.data?.links.enabled;
  if (id === null || !isOn || repository.data === undefined) return null;
  if (repository.data.remote_backend === 'managed') return null;
  return (
    <Button
      size="sm"
      variant="default"
      renderRoot={(props) => (
        <Link
          to="/settings/$account/repositories/$repository"
          params={{ account, repository: id }}
          {...props}
        />
      )}
    >
      Build pull requests
    </Button>
  );
}
