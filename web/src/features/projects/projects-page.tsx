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
import { type Environment, environmentsQuery } from '../environments/environments-api';
import { type Project, projectsQuery } from './projects-api';

function columnsOf(
  account: number,
  environments: readonly Environment[] | undefined,
): Column<Project>[] {
  return [
    {
      key: 'name',
      title: 'Name',
      width: 'minmax(160px, 2fr)',
      cell: ({ id, name }) => (
        <Link
          to="/settings/$account/projects/$project"
          params={{ account, project: id }}
          className={rowLink}
          title={name}
        >
          <bdi>{name}</bdi>
        </Link>
      ),
    },
    {
      key: 'repository',
      title: 'Repository',
      width: 'minmax(160px, 2fr)',
      cell: ({ repository }) => <bdi>{repository?.full_name ?? 'None yet'}</bdi>,
    },
    {
      key: 'environments',
      title: 'Environments',
      width: '104px',
      align: 'right',
      wideOnly: true,
      cell: ({ id }) => (
        <span className="tabular">
          {environments?.filter(({ project_id }) => project_id === id).length ?? ''}
        </span>
      ),
    },
    {
      key: 'description',
      title: 'Description',
      width: 'minmax(120px, 3fr)',
      wideOnly: true,
      cell: ({ description }) => <bdi title={description ?? ''}>{description}</bdi>,
    },
    {
      key: 'changed',
      title: 'Changed',
      width: '112px',
      wideOnly: true,
      cell: ({ updated_at }) => (
        <AboveLink>
          <TimeAgo at={updated_at} />
        </AboveLink>
      ),
    },
  ];
}

export function ProjectsPage() {
  useDocumentTitle('Projects · Millwright');
  const { account } = useParams({ from: '/signed-in/settings/$account/projects' });
  const list = useQuery(projectsQuery(account));
  const environments = useQuery(environmentsQuery(account));
  const setUp = (
    <Button
      renderRoot={(props) => (
        <Link to="/set-up/$account" params={{ account }} search={{}} {...props} />
      )}
      variant="default"
    >
      Guided set-up
    </Button>
  );
  return (
    <Page kind="list">
      <PageHeader
        title="Projects"
        actions={
          <>
            {setUp}
            <Button
              renderRoot={(props) => (
                <Link to="/settings/$account/projects/new" params={{ account }} {...props} />
              )}
            >
              New project
            </Button>
          </>
        }
      />
      {list.isError && list.data === undefined ? (
        <Problem title="The projects could not be read" onRetry={() => void list.refetch()}>
          {messageOf(list.error)}
        </Problem>
      ) : list.data?.length === 0 ? (
        <Empty title="No projects yet" action={setUp}>
          A project is one dbt repository with its environments, variables and jobs. The guided
          set-up leads from a warehouse to a first run in a few minutes.
        </Empty>
      ) : (
        <DataTable
          label="Projects"
          columns={columnsOf(account, environments.data)}
          rows={list.data}
          rowKey={({ id }) => id}
        />
      )}
    </Page>
  );
}
