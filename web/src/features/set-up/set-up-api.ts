import { queryOptions } from '@tanstack/react-query';
import { v2 } from '@/api/client';
import { keys } from '@/api/keys';
import type { Job } from '@/api/types';
import { type ConnectionDraft, connectionBody } from '../connections/connection-draft';
import { type Connection, saveConnection } from '../connections/connections-api';
import type { AdapterSchema } from '../connections/schema-form';
import { type Credentials, saveCredentials } from '../credentials/credentials-api';
import { type CredentialsDraft, credentialsBody } from '../credentials/credentials-draft';
import { type Environment, saveEnvironment } from '../environments/environments-api';
import { readAll, useAct } from '../projects/act';
import { createProject } from '../projects/projects-api';
import type { SetUpSearch } from './steps';

export interface Warehouse {
  project: string;
  connection: ConnectionDraft;
  credentials: CredentialsDraft;
}

/** What of it is stored already. */
export interface Stored {
  connection?: Connection;
  credentials?: Credentials;
}

interface SaveWarehouse {
  warehouse: Warehouse;
  schema: AdapterSchema;
  stored: Stored;
  search: SetUpSearch;
  /** Called with each thing that is there, so that a failure further on makes nothing twice. */
  onMade: (made: SetUpSearch, stored: Stored) => void;
}

/** A production environment, or one for nothing in particular where the project has that. */
async function makeEnvironment(
  account: number,
  project: number,
  connection_id: number,
  credentials_id: number,
): Promise<Environment> {
  const all = await readAll<Environment>(
    'v3',
    `/accounts/${account}/projects/${project}/environments/`,
    AbortSignal.timeout(30_000),
  );
  const isFirst = !all.some(({ deployment_type }) => deployment_type === 'production');
  return saveEnvironment(account, project, null, {
    name: isFirst ? 'Production' : 'Deployment',
    type: 'deployment',
    deployment_type: isFirst ? 'production' : '',
    dbt_version: 'latest',
    connection_id,
    credentials_id,
  });
}

/** The connection, and all without which it can't be tested; gives the environment's id. */
async function saveWarehouse(account: number, input: SaveWarehouse): Promise<number> {
  const { warehouse, schema, stored, search, onMade } = input;
  const project =
    search.project ?? (await createProject(account, { name: warehouse.project.trim() })).id;
  onMade({ project }, {});
  const connection = await saveConnection(
    account,
    stored.connection?.id ?? null,
    connectionBody(warehouse.connection, schema, stored.connection),
  );
  onMade({ project, connection: connection.id }, { connection });
  const { adapter } = warehouse.connection;
  const credentials = await saveCredentials(
    account,
    project,
    stored.credentials?.id ?? null,
    credentialsBody(warehouse.credentials, schema, adapter, stored.credentials),
  );
  const made = { project, connection: connection.id, credentials: credentials.id };
  onMade(made, { connection, credentials });
  const ids = { connection_id: connection.id, credentials_id: credentials.id };
  const environment =
    search.environment === undefined
      ? await makeEnvironment(account, project, ids.connection_id, ids.credentials_id)
      : await saveEnvironment(account, project, search.environment, ids);
  onMade({ ...made, environment: environment.id }, { connection, credentials });
  return environment.id;
}

export const useSaveWarehouse = (account: number) =>
  useAct(
    account,
    ['projects', 'connections', 'credentials', 'environments'],
    (input: SaveWarehouse) => saveWarehouse(account, input),
  );

/** Of all jobs, in which project they are. */
export function jobPlacesQuery(account: number) {
  return queryOptions({
    queryKey: keys.of(account, 'jobs', 'places'),
    queryFn: ({ signal }) =>
      readAll<{ project_id: number }>('v2', `/accounts/${account}/jobs/`, signal),
  });
}

export interface SmallJob {
  project: number;
  environment: number;
  name: string;
  commands: string[];
}

export const useCreateSmallJob = (account: number) =>
  useAct(
    account,
    ['jobs', 'environments'],
    async ({ project, environment, name, commands }: SmallJob) =>
      (
        await v2.post<Job>(`/accounts/${account}/jobs/`, {
          body: {
            name,
            project_id: project,
            environment_id: environment,
            execute_steps: commands,
            triggers: { schedule: false, github_webhook: false, git_provider_webhook: false },
            settings: { threads: 4, target_name: 'default' },
            generate_docs: true,
          },
        })
      ).data,
  );
