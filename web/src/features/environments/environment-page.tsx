import { Skeleton, Tabs } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { ApiError, messageOf } from '@/api/errors';
import { CopyText } from '@/ui/copy';
import { Page } from '@/ui/page';
import { PageHeader } from '@/ui/page-header';
import { Problem } from '@/ui/problem';
import { TimeAgo } from '@/ui/time-ago';
import { VariablesMatrix } from '../variables/variables-matrix';
import { EnvironmentCredentials } from './environment-credentials';
import { kindOf, kindWord } from './environment-draft';
import { EnvironmentOverview } from './environment-overview';
import { EnvironmentSettings } from './environment-settings';
import css from './environments.module.css';
import { type Environment, environmentQuery } from './environments-api';
import { type EnvironmentSearch, environmentTabs } from './search';

const path = '/deploy/$account/projects/$project/environments/$environment';

/** One environment: what it is, who uses it, as whom it runs. */
export function EnvironmentPage() {
  const { account, environment: id } = useParams({ from: `/signed-in${path}` });
  const query = useQuery(environmentQuery(account, id));
  useDocumentTitle(`${query.data?.name ?? 'Environment'} · Millwright`);
  if (query.data !== undefined)
    return <Content key={id} account={account} environment={query.data} />;
  const missing = query.error instanceof ApiError && query.error.kind === 'not_found';
  return (
    <Page>
      <PageHeader title="Environment" />
      {query.isError ? (
        <Problem
          title={missing ? 'There is no such environment' : 'The environment could not be read'}
          {...(missing ? {} : { onRetry: () => void query.refetch() })}
        >
          {missing ? 'It may have been deleted, or you may not see it.' : messageOf(query.error)}
        </Problem>
      ) : (
        <>
          <Skeleton height={32} width={320} />
          <Skeleton height={240} />
        </>
      )}
    </Page>
  );
}

interface ContentProps {
  account: number;
  environment: Environment;
}

function Content({ account, environment }: ContentProps) {
  const search = useSearch({ from: `/signed-in${path}` });
  const navigate = useNavigate({ from: path });
  const { id, project_id: project } = environment;
  const go = (next: EnvironmentSearch, replace = false) =>
    void navigate({ params: { account, project, environment: id }, search: next, replace });
  return (
    <Page>
      <PageHeader
        title={<bdi>{environment.name}</bdi>}
        facts={
          <>
            <span>
              {kindWord[kindOf(environment)]} environment of{' '}
              <bdi>{environment.project?.name ?? `#${project}`}</bdi>
            </span>
            <span>dbt {environment.dbt_version}</span>
            <CopyText text={String(id)} what="environment id">
              <span className="tabular">#{id}</span>
            </CopyText>
            <span>
              changed <TimeAgo at={environment.updated_at} />
            </span>
          </>
        }
      />
      <Tabs
        value={search.tab ?? 'overview'}
        onChange={(value) => {
          const tab = environmentTabs.find((each) => each === value);
          go(tab === undefined || tab === 'overview' ? {} : { tab });
        }}
        keepMounted={false}
        classNames={{ root: css.tabs }}
      >
        <Tabs.List aria-label="Parts of the environment">
          <Tabs.Tab value="overview">Overview</Tabs.Tab>
          <Tabs.Tab value="credentials">Credentials</Tabs.Tab>
          <Tabs.Tab value="variables">Variables</Tabs.Tab>
          <Tabs.Tab value="settings">Settings</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="overview">
          <EnvironmentOverview account={account} environment={environment} />
        </Tabs.Panel>
        <Tabs.Panel value="credentials">
          <EnvironmentCredentials account={account} environment={environment} />
        </Tabs.Panel>
        <Tabs.Panel value="variables">
          <VariablesMatrix
            account={account}
            project={project}
            environment={environment.name}
            opened={search.variable}
            onOpen={(variable) =>
              go(variable === undefined ? { tab: 'variables' } : { tab: 'variables', variable })
            }
          />
        </Tabs.Panel>
        <Tabs.Panel value="settings">
          <EnvironmentSettings account={account} environment={environment} />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
