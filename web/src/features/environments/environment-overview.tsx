import { Button, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { messageOf } from '@/api/errors';
import { type Column, DataTable, rowLink } from '@/ui/data-table';
import { Empty } from '@/ui/empty';
import { Fact, Facts } from '@/ui/facts';
import { Section } from '@/ui/page';
import { Problem } from '@/ui/problem';
import { TimeAgo } from '@/ui/time-ago';
import { adapterTitle } from '../connections/adapters';
import { useConnectionTest } from '../connections/connection-test-api';
import { connectionQuery } from '../connections/connections-api';
import { TestResult } from '../connections/test-result';
import { credentialsQuery } from '../credentials/credentials-api';
import { schemaOf } from '../credentials/credentials-draft';
import { kindOf, kindWord } from './environment-draft';
import css from './environments.module.css';
import {
  attributesQuery,
  type Environment,
  type EnvironmentJob,
  environmentJobsQuery,
} from './environments-api';

interface EnvironmentOverviewProps {
  account: number;
  environment: Environment;
}

export function EnvironmentOverview({ account, environment }: EnvironmentOverviewProps) {
  return (
    <div className={css.panel}>
      <EnvironmentFacts account={account} environment={environment} />
      <Test account={account} environment={environment} />
      {environment.type === 'deployment' && <Jobs account={account} environment={environment} />}
    </div>
  );
}

function EnvironmentFacts({ account, environment }: EnvironmentOverviewProps) {
  const { connection_id, credentials_id, extended_attributes_id } = environment;
  const connection = useQuery({
    ...connectionQuery(account, connection_id ?? 0),
    enabled: connection_id !== null,
  });
  const credentials = useQuery(credentialsQuery(account, environment.project_id, credentials_id));
  const attributes = useQuery(
    attributesQuery(account, environment.project_id, extended_attributes_id),
  );
  const keys = Object.keys(attributes.data ?? {});
  return (
    <Section title="Facts">
      <Facts>
        <Fact name="Type">{kindWord[kindOf(environment)]}</Fact>
        <Fact name="dbt version">{environment.dbt_version}</Fact>
        <Fact name="Branch">
          <bdi>
            {environment.use_custom_branch
              ? environment.custom_branch
              : "The repository's default branch"}
          </bdi>
        </Fact>
        <Fact name="Connection">
          {connection_id === null ? (
            'None yet: choose one in Settings'
          ) : (
            <Link
              to="/settings/$account/connections/$connection"
              params={{ account, connection: connection_id }}
            >
              <bdi>{connection.data?.name ?? `#${connection_id}`}</bdi>
            </Link>
          )}
          {connection.data && ` · ${adapterTitle(connection.data.adapter_version)}`}
        </Fact>
        <Fact name="Schema">
          {credentials_id === null
            ? 'No credentials yet'
            : credentials.data && <code className="mono">{schemaOf(credentials.data)}</code>}
        </Fact>
        <Fact name="Threads">{credentials.data?.threads}</Fact>
        {keys.length > 0 && (
          <Fact name="Extended attributes">
            <code className="mono">{keys.join(', ')}</code>
          </Fact>
        )}
        {environment.primary_profile_id !== null && (
          <Fact name="Profile">
            #{environment.primary_profile_id}; its connection and credentials count, not those here
          </Fact>
        )}
      </Facts>
    </Section>
  );
}

function Test({ account, environment }: EnvironmentOverviewProps) {
  const testing = useConnectionTest(account);
  if (environment.connection_id === null || environment.credentials_id === null) return null;
  return (
    <Section title="Connection test" help="Signs in to the warehouse as a run would.">
      <Group>
        <Button
          variant="default"
          loading={testing.running}
          onClick={() => testing.start(environment.id)}
        >
          Test connection
        </Button>
      </Group>
      <TestResult testing={testing} />
    </Section>
  );
}

function Jobs({ account, environment }: EnvironmentOverviewProps) {
  const jobs = useQuery(environmentJobsQuery(account, environment.id));
  const columns: Column<EnvironmentJob>[] = [
    {
      key: 'name',
      title: 'Name',
      width: 'minmax(160px, 2fr)',
      cell: ({ id, name, project_id }) => (
        <Link
          to="/deploy/$account/projects/$project/jobs/$job"
          params={{ account, project: project_id, job: id }}
          className={rowLink}
          title={name}
        >
          <bdi>{name}</bdi>
        </Link>
      ),
    },
    {
      key: 'commands',
      title: 'Commands',
      width: 'minmax(160px, 2fr)',
      wideOnly: true,
      cell: ({ execute_steps }) => <code className="mono">{execute_steps.join(' · ')}</code>,
    },
    {
      key: 'schedule',
      title: 'Schedule',
      width: 'minmax(120px, 1fr)',
      cell: ({ triggers, cron_humanized }) => (triggers.schedule ? cron_humanized : 'By hand'),
    },
    {
      key: 'next',
      title: 'Next run',
      width: '128px',
      wideOnly: true,
      cell: ({ next_run }) => <TimeAgo at={next_run} />,
    },
  ];
  return (
    <Section title="Jobs">
      {jobs.isError ? (
        <Problem title="The jobs could not be read" onRetry={() => void jobs.refetch()}>
          {messageOf(jobs.error)}
        </Problem>
      ) : jobs.data?.length === 0 ? (
        <Empty title="No job runs here yet">
          A job is a list of dbt commands that run in this environment, by hand or on a schedule.
        </Empty>
      ) : (
        <DataTable
          label="Jobs of this environment"
          columns={columns}
          rows={jobs.data}
          rowKey={({ id }) => id}
          inline
        />
      )}
    </Section>
  );
}
