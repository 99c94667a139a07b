import { Button, Select } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { messageOf } from '@/api/errors';
import { AboveLink, type Column, DataTable, rowLink } from '@/ui/data-table';
import { Empty } from '@/ui/empty';
import { FilterChip, FilterChips } from '@/ui/filter-chip';
import { Page } from '@/ui/page';
import { PageHeader } from '@/ui/page-header';
import { Problem } from '@/ui/problem';
import { TimeAgo } from '@/ui/time-ago';
import { type Connection, connectionsQuery } from '../connections/connections-api';
import { projectsQuery } from '../projects/projects-api';
import { kindOf, kinds, kindWord } from './environment-draft';
import css from './environments.module.css';
import { type Environment, environmentsQuery } from './environments-api';
import type { EnvironmentListSearch } from './search';

/** The environments of all projects. */
export function EnvironmentsPage() {
  useDocumentTitle('Environments · Millwright');
  const { account } = useParams({ from: '/signed-in/deploy/$account/environments' });
  const search = useSearch({ from: '/signed-in/deploy/$account/environments' });
  const list = useQuery(environmentsQuery(account));
  const connections = useQuery(connectionsQuery(account));
  const shown = list.data?.filter(
    (each) =>
      (search.project === undefined || each.project_id === search.project) &&
      (search.connection === undefined || each.connection_id === search.connection) &&
      (search.type === undefined || kindOf(each) === search.type),
  );
  return (
    <Page kind="list">
      <PageHeader
        title="Environments"
        aside={
          list.data && (
            <span className="tabular">
              {list.data.length} {list.data.length === 1 ? 'environment' : 'environments'}
            </span>
          )
        }
        actions={<NewButton account={account} project={search.project} />}
      />
      <Filters account={account} search={search} connections={connections.data} />
      {list.isError && list.data === undefined ? (
        <Problem title="The environments could not be read" onRetry={() => void list.refetch()}>
          {messageOf(list.error)}
        </Problem>
      ) : shown?.length === 0 ? (
        <Nothing account={account} isFiltered={list.data !== undefined && list.data.length > 0} />
      ) : (
        <DataTable
          label="Environments"
          columns={columnsOf(account, connections.data ?? [])}
          rows={shown}
          rowKey={({ id }) => id}
        />
      )}
    </Page>
  );
}

function columnsOf(account: number, connections: readonly Connection[]): Column<Environment>[] {
  return [
    {
      key: 'name',
      title: 'Name',
      width: 'minmax(160px, 2fr)',
      cell: ({ id, name, project_id }) => (
        <Link
          to="/deploy/$account/projects/$project/environments/$environment"
          params={{ account, project: project_id, environment: id }}
          className={rowLink}
          title={name}
        >
          <bdi>{name}</bdi>
        </Link>
      ),
    },
    {
      key: 'project',
      title: 'Project',
      width: 'minmax(120px, 1.5fr)',
      cell: ({ project, project_id }) => <bdi>{project?.name ?? `#${project_id}`}</bdi>,
    },
    {
      key: 'type',
      title: 'Type',
      width: '112px',
      cell: (each) => kindWord[kindOf(each)],
    },
    {
      key: 'connection',
      title: 'Connection',
      width: 'minmax(120px, 1.5fr)',
      wideOnly: true,
      cell: ({ connection_id }) => (
        <bdi>{connections.find(({ id }) => id === connection_id)?.name ?? '–'}</bdi>
      ),
    },
    {
      key: 'version',
      title: 'dbt version',
      width: '128px',
      wideOnly: true,
      cell: ({ dbt_version }) => dbt_version,
    },
    {
      key: 'branch',
      title: 'Branch',
      width: 'minmax(80px, 1fr)',
      wideOnly: true,
      cell: (each) => <bdi>{each.use_custom_branch ? each.custom_branch : 'default'}</bdi>,
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

function NewButton({ account, project }: { account: number; project: number | undefined }) {
  return (
    <Button
      renderRoot={(props) => (
        <Link
          to="/deploy/$account/environments/new"
          params={{ account }}
          search={project === undefined ? {} : { project }}
          {...props}
        />
      )}
    >
      New environment
    </Button>
  );
}

function Nothing({ account, isFiltered }: { account: number; isFiltered: boolean }) {
  if (isFiltered)
    return (
      <Empty
        title="No environment matches"
        action={
          <Link to="/deploy/$account/environments" params={{ account }} search={{}}>
            Show all environments
          </Link>
        }
      >
        Other filters may show what you look for.
      </Empty>
    );
  return (
    <Empty
      title="No environments yet"
      action={
        <Link to="/set-up/$account" params={{ account }} search={{}}>
          Start the guided set-up
        </Link>
      }
    >
      An environment says where jobs run: with which warehouse, which credentials, which dbt and
      which branch. The guided set-up makes the first one.
    </Empty>
  );
}

interface FiltersProps {
  account: number;
  search: EnvironmentListSearch;
  connections: readonly Connection[] | undefined;
}

function Filters({ account, search, connections }: FiltersProps) {
  const projects = useQuery(projectsQuery(account));
  const navigate = useNavigate({ from: '/deploy/$account/environments' });
  const go = (next: EnvironmentListSearch) =>
    void navigate({ params: { account }, search: next, replace: true });
  const { type, ...withoutType } = search;
  const { project, ...withoutProject } = search;
  const { connection, ...withoutConnection } = search;
  return (
    <div className={css.filters}>
      <FilterChips label="Filter by type">
        <FilterChip active={type === undefined} onToggle={() => go(withoutType)}>
          All
        </FilterChip>
        {kinds.map((kind) => (
          <FilterChip
            key={kind}
            active={type === kind}
            onToggle={() => go(type === kind ? withoutType : { ...withoutType, type: kind })}
          >
            {kindWord[kind]}
          </FilterChip>
        ))}
        {connection !== undefined && (
          <FilterChip active onToggle={() => go(withoutConnection)}>
            <bdi>
              Connection:{' '}
              {connections?.find(({ id }) => id === connection)?.name ?? `#${connection}`}
            </bdi>
            <IconX size={14} aria-label="Remove this filter" />
          </FilterChip>
        )}
      </FilterChips>
      <Select
        size="xs"
        aria-label="Project"
        placeholder="All projects"
        clearable
        clearButtonProps={{ 'aria-label': 'All projects' }}
        searchable
        data={projects.data?.map(({ id, name }) => ({ value: String(id), label: name })) ?? []}
        value={project === undefined ? null : String(project)}
        onChange={(id) => go(id === null ? withoutProject : { ...search, project: Number(id) })}
      />
    </div>
  );
}
