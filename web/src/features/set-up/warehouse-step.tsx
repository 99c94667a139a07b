import { Button, Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { messageOf } from '@/api/errors';
import { FieldGroup, Form, fieldErrors } from '@/ui/form/form';
import { Problem } from '@/ui/problem';
import {
  draftOfConnection,
  fieldProblems,
  newConnection,
  problemsOfConnection,
} from '../connections/connection-draft';
import { ConnectionFields } from '../connections/connection-fields';
import { useConnectionTest } from '../connections/connection-test-api';
import {
  adapterSchemaQuery,
  type Connection,
  connectionQuery,
  connectionsQuery,
} from '../connections/connections-api';
import type { AdapterSchema } from '../connections/schema-form';
import { TestResult } from '../connections/test-result';
import { credentialsQuery } from '../credentials/credentials-api';
import {
  draftOfCredentials,
  newCredentials,
  problemsOfCredentials,
} from '../credentials/credentials-draft';
import { CredentialsFields } from '../credentials/credentials-fields';
import { below, useDraft } from '../projects/use-draft';
import css from './set-up.module.css';
import { type Stored, useSaveWarehouse, type Warehouse } from './set-up-api';
import type { StepProps } from './set-up-page';
import { StepSkeleton } from './step-skeleton';

/** What is stored already is read once, when one comes to the step. */
export function WarehouseStep(props: StepProps) {
  const { account, search } = props;
  const [from] = useState(search);
  const connection = useQuery({
    ...connectionQuery(account, from.connection ?? 0),
    enabled: from.connection !== undefined,
  });
  const credentials = useQuery(
    credentialsQuery(account, from.project ?? 0, from.credentials ?? null),
  );
  const error = connection.error ?? credentials.error;
  if (error) return <Problem title="What was begun could not be read">{messageOf(error)}</Problem>;
  if (connection.isLoading || credentials.isLoading) return <StepSkeleton />;
  const stored: Stored = {
    ...(connection.data ? { connection: connection.data } : {}),
    ...(credentials.data ? { credentials: credentials.data } : {}),
  };
  return <WarehouseForm {...props} begun={stored} />;
}

function startOf({ connection, credentials }: Stored): Warehouse {
  return {
    project: '',
    connection: connection ? draftOfConnection(connection) : newConnection(),
    credentials: credentials ? draftOfCredentials(credentials) : newCredentials(),
  };
}

function problemsOfWarehouse(
  { project, connection, credentials }: Warehouse,
  schema: AdapterSchema | undefined,
  stored: Stored,
  isNewProject: boolean,
): Record<string, string> {
  const ofCredentials = problemsOfCredentials(
    credentials,
    schema,
    connection.adapter,
    connection.fields,
    stored.credentials !== undefined,
  );
  return {
    ...(isNewProject && project.trim() === '' ? { project: 'Give it a name' } : {}),
    ...below(
      'connection',
      problemsOfConnection(connection, schema, stored.connection !== undefined),
    ),
    // Before an adapter is chosen they are not on the page.
    ...(connection.adapter === '' ? {} : below('credentials', ofCredentials)),
  };
}

function WarehouseForm({ account, search, go, begun }: StepProps & { begun: Stored }) {
  const [stored, setStored] = useState(begun);
  const form = useDraft(startOf(begun));
  const { draft, change, errors, setErrors } = form;
  const { adapter } = draft.connection;
  const schema = useQuery(adapterSchemaQuery(account, adapter));
  const save = useSaveWarehouse(account);
  const testing = useConnectionTest(account);
  const config = draft.connection.fields;
  const submit = () => {
    const found = problemsOfWarehouse(draft, schema.data, stored, search.project === undefined);
    setErrors(found);
    if (Object.keys(found).length > 0 || schema.data === undefined) return;
    let now = stored;
    save.mutate(
      {
        warehouse: draft,
        schema: schema.data,
        stored,
        search,
        onMade: (made, kept) => {
          now = { ...now, ...kept };
          setStored(now);
          go({ ...made, step: 'warehouse' });
        },
      },
      {
        onSuccess: (environment) => {
          form.keep(startOf(now));
          testing.start(environment);
        },
        onError: (error) => setErrors(fieldErrors(error, { name: 'connection.name' })),
      },
    );
  };
  const use = (connection: Connection | undefined) => {
    setStored(({ connection: _, ...others }) => (connection ? { ...others, connection } : others));
    change({ connection: connection ? draftOfConnection(connection) : newConnection() });
  };
  return (
    <>
      <p className={css.text}>
        dbt runs SQL in your warehouse. Say where that is and as whom dbt signs in; Millwright then
        tests both together. Passwords and keys are stored encrypted and are never shown again.
      </p>
      <Form
        label="Warehouse"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
        error={save.error}
        shown={['name']}
        pending={save.isPending || testing.running}
        dirty={form.dirty}
        submitWord="Save and test"
      >
        {search.project === undefined && (
          <TextInput
            label="Project"
            description="A project is one dbt repository with its environments and jobs"
            placeholder="Shop"
            required
            value={draft.project}
            error={errors['project']}
            onChange={(event) => change({ project: event.currentTarget.value })}
          />
        )}
        <FieldGroup title="Connection" help="Where the warehouse is.">
          {search.connection === undefined && (
            <ConnectionChoice account={account} chosen={stored.connection} onChange={use} />
          )}
          <ConnectionFields
            account={account}
            draft={draft.connection}
            onChange={(part) => change({ connection: { ...draft.connection, ...part } })}
            errors={fieldProblems(errors, 'connection.')}
            isStored={stored.connection !== undefined}
          />
        </FieldGroup>
        {adapter !== '' && (
          <FieldGroup title="Credentials" help="As whom dbt signs in, and where it builds.">
            <CredentialsFields
              key={stored.credentials?.updated_at ?? 'new'}
              account={account}
              adapter={adapter}
              config={config}
              draft={draft.credentials}
              onChange={(part) => change({ credentials: { ...draft.credentials, ...part } })}
              errors={fieldProblems(errors, 'credentials.')}
              isStored={stored.credentials !== undefined}
            />
          </FieldGroup>
        )}
      </Form>
      {!save.isPending && <TestResult testing={testing} />}
      {search.environment !== undefined && !testing.running && (
        <div>
          <Button
            size="sm"
            variant={testing.test?.ok ? 'filled' : 'default'}
            onClick={() => go({ step: undefined })}
          >
            {testing.test?.ok ? 'Continue' : 'Continue without a test that works'}
          </Button>
        </div>
      )}
    </>
  );
}

interface ConnectionChoiceProps {
  account: number;
  chosen: Connection | undefined;
  onChange: (connection: Connection | undefined) => void;
}

/** A connection that the account has already serves as well as a new one. */
function ConnectionChoice({ account, chosen, onChange }: ConnectionChoiceProps) {
  const connections = useQuery(connectionsQuery(account));
  if (connections.data === undefined || connections.data.length === 0) return null;
  const all = connections.data;
  return (
    <Select
      label="Which one"
      description={
        chosen === undefined
          ? undefined
          : 'What you change below counts for every environment that uses it'
      }
      allowDeselect={false}
      searchable
      data={[
        { value: 'new', label: 'A new connection' },
        ...all.map(({ id, name }) => ({ value: String(id), label: name })),
      ]}
      value={chosen === undefined ? 'new' : String(chosen.id)}
      onChange={(value) => onChange(all.find(({ id }) => String(id) === value))}
    />
  );
}
