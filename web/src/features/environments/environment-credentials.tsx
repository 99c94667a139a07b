import { Button, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { messageOf } from '@/api/errors';
import { Empty } from '@/ui/empty';
import { Problem } from '@/ui/problem';
import { useConnectionTest } from '../connections/connection-test-api';
import { connectionQuery } from '../connections/connections-api';
import { TestResult } from '../connections/test-result';
import { credentialsQuery } from '../credentials/credentials-api';
import { CredentialsForm } from '../credentials/credentials-form';
import css from './environments.module.css';
import { type Environment, useChangeEnvironment } from './environments-api';

interface EnvironmentCredentialsProps {
  account: number;
  environment: Environment;
}

/** As whom this environment signs in to its warehouse, with a test of what is stored. */
export function EnvironmentCredentials({ account, environment }: EnvironmentCredentialsProps) {
  const { id, project_id: project, connection_id, credentials_id } = environment;
  const connection = useQuery({
    ...connectionQuery(account, connection_id ?? 0),
    enabled: connection_id !== null,
  });
  const credentials = useQuery(credentialsQuery(account, project, credentials_id));
  const adopt = useChangeEnvironment(account, project, id);
  const testing = useConnectionTest(account);
  const error = connection.error ?? credentials.error;
  if (connection_id === null)
    return (
      <Empty title="There is no connection yet">
        Choose this environment's connection in Settings first: what credentials consist of depends
        on the warehouse.
      </Empty>
    );
  if (error) return <Problem title="The credentials could not be read">{messageOf(error)}</Problem>;
  if (connection.data === undefined || credentials.isLoading) return <Skeleton height={320} />;
  return (
    <div className={css.narrow}>
      <CredentialsForm
        account={account}
        project={project}
        connection={connection.data}
        credentials={credentials.data}
        busy={testing.running}
        onSaved={async (saved) => {
          if (credentials_id !== saved.id) await adopt.mutateAsync({ credentials_id: saved.id });
        }}
        beside={
          credentials_id !== null && (
            <Button
              size="sm"
              variant="default"
              loading={testing.running}
              onClick={() => testing.start(id)}
            >
              Test connection
            </Button>
          )
        }
      />
      {credentials_id !== null && (
        <p className={css.plain}>The test signs in with what is stored, so save first.</p>
      )}
      <TestResult testing={testing} />
    </div>
  );
}
