import { Button, Skeleton, Tabs } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { ApiError, messageOf } from '@/api/errors';
import { ConfirmButton } from '@/ui/confirm-button';
import { CopyText } from '@/ui/copy';
import { Page, Section } from '@/ui/page';
import { PageHeader } from '@/ui/page-header';
import { Problem } from '@/ui/problem';
import { TimeAgo } from '@/ui/time-ago';
import { environmentsQuery } from '../environments/environments-api';
import { VariablesMatrix } from '../variables/variables-matrix';
import { ProjectForm } from './project-form';
import css from './projects.module.css';
import { type Project, projectQuery, useDeleteProject } from './projects-api';
import { type ProjectSearch, projectTabs } from './search';

const path = '/settings/$account/projects/$project';

export function ProjectPage() {
  const { account, project: id } = useParams({ from: `/signed-in${path}` });
  const query = useQuery(projectQuery(account, id));
  useDocumentTitle(`${query.data?.name ?? 'Project'} · Millwright`);
  if (query.data !== undefined) return <Content key={id} account={account} project={query.data} />;
  const missing = query.error instanceof ApiError && query.error.kind === 'not_found';
  return (
    <Page>
      <PageHeader title="Project" />
      {query.isError ? (
        <Problem
          title={missing ? 'There is no such project' : 'The project could not be read'}
          {...(missing ? {} : { onRetry: () => void query.refetch() })}
        >
          {missing ? 'It may have been deleted, or you may not see it.' : messageOf(query.error)}
        </Problem>
      ) : (
        <Skeleton height={320} />
      )}
    </Page>
  );
}

interface ContentProps {
  account: number;
  project: Project;
}

function Content({ account, project }: ContentProps) {
  const search = useSearch({ from: `/signed-in${path}` });
  const navigate = useNavigate({ from: path });
  const go = (next: ProjectSearch) =>
    void navigate({ params: { account, project: project.id }, search: next });
  return (
    <Page>
      <PageHeader
        title={<bdi>{project.name}</bdi>}
        facts={
          <>
            <CopyText text={String(project.id)} what="project id">
              <span className="tabular">#{project.id}</span>
            </CopyText>
            <span>
              changed <TimeAgo at={project.updated_at} />
            </span>
          </>
        }
      />
      <Tabs
        value={search.tab ?? 'settings'}
        onChange={(value) => {
          const tab = projectTabs.find((each) => each === value);
          go(tab === undefined || tab === 'settings' ? {} : { tab });
        }}
        keepMounted={false}
        classNames={{ root: css.tabs }}
      >
        <Tabs.List aria-label="Parts of the project">
          <Tabs.Tab value="settings">Settings</Tabs.Tab>
          <Tabs.Tab value="variables">Variables</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="settings">
          <div className={css.narrow}>
            <ProjectForm account={account} project={project} />
            {project.repository_id === null && (
              <div>
                <Button
                  variant="default"
                  renderRoot={(props) => (
                    <Link
                      to="/settings/$account/repositories/new"
                      params={{ account }}
                      search={{ project: project.id }}
                      {...props}
                    />
                  )}
                >
                  Connect a repository
                </Button>
              </div>
            )}
            <Environments account={account} project={project} />
            <Delete account={account} project={project} />
          </div>
        </Tabs.Panel>
        <Tabs.Panel value="variables">
          <VariablesMatrix
            account={account}
            project={project.id}
            opened={search.variable}
            onOpen={(variable) =>
              go(variable === undefined ? { tab: 'variables' } : { tab: 'variables', variable })
            }
          />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}

function Environments({ account, project }: ContentProps) {
  const environments = useQuery(environmentsQuery(account));
  const own = environments.data?.filter(({ project_id }) => project_id === project.id) ?? [];
  return (
    <Section
      title="Environments"
      actions={
        <Button
          variant="default"
          renderRoot={(props) => (
            <Link
              to="/deploy/$account/environments/new"
              params={{ account }}
              search={{ project: project.id }}
              {...props}
            />
          )}
        >
          New environment
        </Button>
      }
    >
      {environments.data && own.length === 0 && (
        <p className={css.plain}>None yet. Jobs run in an environment.</p>
      )}
      <ul className={css.list}>
        {own.map(({ id, name }) => (
          <li key={id}>
            <Link
              to="/deploy/$account/projects/$project/environments/$environment"
              params={{ account, project: project.id, environment: id }}
            >
              <bdi>{name}</bdi>
            </Link>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Delete({ account, project }: ContentProps) {
  const navigate = useNavigate();
  const remove = useDeleteProject(account, project.id);
  return (
    <div className={css.danger}>
      <ConfirmButton
        word="Delete project"
        question={`Delete ${project.name}?`}
        typed={project.name}
        pending={remove.isPending}
        error={remove.error && messageOf(remove.error)}
        onConfirm={() =>
          remove.mutate(undefined, {
            onSuccess: () =>
              void navigate({
                to: '/settings/$account/projects',
                params: { account },
                ignoreBlocker: true,
              }),
          })
        }
      >
        Its jobs no longer run, and runs that wait are cancelled. What dbt built in the warehouse
        and the repository itself stay as they are.
      </ConfirmButton>
    </div>
  );
}
