import { Button } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { messageOf } from '@/api/errors';
import { AboveLink, type Column, DataTable, rowLink } from '@/ui/data-table';
import { Empty } from '@/ui/empty';
import { Page } from '@/ui/page';
import { PageHeader } from '@/ui/page-header';
import { Problem } from '@/ui/problem';
import { TimeAgo } from '@/ui/time-ago';
import { type Project, projectsQuery } from '../projects/projects-api';
import { HostKeys } from './host-keys';
import { type Repository, repositoriesQuery } from './repositories-api';
import { wayInWord } from './repository-draft';

function columnsOf(account: number, projects: readonly Project[]): Column<Repository>[] {
  return [
    {
      key: 'name',
      title: 'Name',
      width: 'minmax(160px, 2fr)',
      cell: ({ id, full_name }) => (
        <Link
          to="/settings/$account/repositories/$repository"
          params={{ account, repository: id }}
          className={rowLink}
          title={full_name}
        >
          <bdi>{full_name}</bdi>
        </Link>
      ),
    },
    {
      key: 'project',
      title: 'Project',
      width: 'minmax(120px, 1.5fr)',
      cell: ({ project_id }) => (
        <bdi>{projects.find(({ id }) => id === project_id)?.name ?? `#${project_id}`}</bdi>
      ),
    },
    {
      key: 'way',
      title: 'Fetched by',
      width: '144px',
      wideOnly: true,
      cell: (each) => wayInWord(each.remote_backend, each.git_clone_strategy),
    },
    {
      key: 'url',
      title: 'Git URL',
      width: 'minmax(160px, 3fr)',
      wideOnly: true,
      cell: ({ remote_url }) => (
        <bdi className="mono" title={remote_url}>
          {remote_url}
        </bdi>
      ),
    },
    {
      key: 'made',
      title: 'Connected',
      width: '112px',
      wideOnly: true,
      cell: ({ created_at }) => (
        <AboveLink>
          <TimeAgo at={created_at} />
        </AboveLink>
      ),
    },
  ];
}

export function RepositoriesPage() {
  useDocumentTitle('Repositories · Millwright');
  const { account } = useParams({ from: '/signed-in/settings/$account/repositories' });
  const list = useQuery(repositoriesQuery(account));
  const projects = useQuery(projectsQuery(account));
  const add = (
    <Button
      renderRoot={(props) => (
        <Link
          to="/settings/$account/repositories/new"
          params={{ account }}
          search={{}}
          {...props}
        />
      )}
    >
      New repository
    </Button>
  );
  return (
    <Page kind="list">
      <PageHeader title="Repositories" actions={add} />
      {list.isError && list.data === undefined ? (
        <Problem title="The repositories could not be read" onRetry={() => void list.refetch()}>
          {messageOf(list.error)}
        </Problem>
      ) : list.data?.length === 0 ? (
        <Empty title="No repositories yet" action={add}>
          Each project takes its models from a git repository. Runs clone it and run what is on
          their environment's branch.
        </Empty>
      ) : (
        <DataTable
          label="Repositories"
          columns={columnsOf(account, projects.data ?? [])}
          rows={list.data}
          rowKey={({ id }) => id}
        />
      )}
      <HostKeys account={account} />
    </Page>
  );
}
