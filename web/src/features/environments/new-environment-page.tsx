import { Select } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useRef } from 'react';
import { FieldGroup, Form, fieldErrors } from '@/ui/form/form';
import { Page } from '@/ui/page';
import { PageHeader } from '@/ui/page-header';
import { adapterOf } from '../connections/adapters';
import { fieldProblems } from '../connections/connection-draft';
import { adapterSchemaQuery, connectionsQuery } from '../connections/connections-api';
import { saveCredentials } from '../credentials/credentials-api';
import {
  type CredentialsDraft,
  credentialsBody,
  newCredentials,
  problemsOfCredentials,
} from '../credentials/credentials-draft';
import { CredentialsFields } from '../credentials/credentials-fields';
import { useAct } from '../projects/act';
import { projectsQuery } from '../projects/projects-api';
import { below, useDraft } from '../projects/use-draft';
import {
  attributesOf,
  type EnvironmentDraft,
  environmentBody,
  newEnvironment,
  problemsOfEnvironment,
} from './environment-draft';
import { EnvironmentFields } from './environment-fields';
import { environmentFieldNames } from './environment-form';
import { saveAttributes, saveEnvironment } from './environments-api';

interface Draft extends EnvironmentDraft {
  project: number | null;
  credentials: CredentialsDraft;
}

interface Save {
  draft: Draft;
  /** Of the credentials; null where there is no connection, and so none. */
  body: Record<string, unknown> | null;
}

/** What a save that failed half-way has made already is not made twice. */
function useCreate(account: number) {
  const made = useRef<{ credentials?: number; attributes?: number }>({});
  return useAct(account, ['environments', 'credentials'], async ({ draft, body }: Save) => {
    const project = draft.project ?? 0;
    if (body !== null)
      made.current.credentials = (
        await saveCredentials(account, project, made.current.credentials ?? null, body)
      ).id;
    const attributes = attributesOf(draft.attributes) ?? null;
    const saved = await saveAttributes(
      account,
      project,
      made.current.attributes ?? null,
      attributes,
    );
    if (saved !== null) made.current.attributes = saved;
    return saveEnvironment(account, project, null, {
      ...environmentBody(draft),
      extended_attributes_id: saved,
      credentials_id: body === null ? null : (made.current.credentials ?? null),
    });
  });
}

export function NewEnvironmentPage() {
  useDocumentTitle('New environment · Millwright');
  const { account } = useParams({ from: '/signed-in/deploy/$account/environments/new' });
  const search = useSearch({ from: '/signed-in/deploy/$account/environments/new' });
  const navigate = useNavigate();
  const form = useDraft<Draft>({
    ...newEnvironment(),
    connection_id: search.connection ?? null,
    project: search.project ?? null,
    credentials: newCredentials(),
  });
  const { draft, change, errors, setErrors } = form;
  const connections = useQuery(connectionsQuery(account));
  const connection = connections.data?.find(({ id }) => id === draft.connection_id);
  const adapter = connection ? adapterOf(connection.adapter_version) : '';
  const schema = useQuery(adapterSchemaQuery(account, adapter));
  const create = useCreate(account);
  const submit = () => {
    const found: Record<string, string> = problemsOfEnvironment(draft);
    if (draft.project === null) found['project'] = 'Choose one';
    if (connection !== undefined)
      Object.assign(
        found,
        below(
          'credentials',
          problemsOfCredentials(draft.credentials, schema.data, adapter, connection.config, false),
        ),
      );
    setErrors(found);
    if (Object.keys(found).length > 0) return;
    if (connection !== undefined && schema.data === undefined) return;
    const body = schema.data
      ? credentialsBody(draft.credentials, schema.data, adapter, undefined)
      : null;
    create.mutate(
      { draft, body },
      {
        onSuccess: ({ id, project_id }) =>
          void navigate({
            to: '/deploy/$account/projects/$project/environments/$environment',
            params: { account, project: project_id, environment: id },
            ignoreBlocker: true,
          }),
        onError: (error) => setErrors(fieldErrors(error)),
      },
    );
  };
  return (
    <Page kind="text">
      <PageHeader title="New environment" />
      <Form
        label="New environment"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
        error={create.error}
        shown={environmentFieldNames}
        pending={create.isPending}
        dirty={form.dirty}
        submitWord="Create environment"
        onCancel={() => void navigate({ to: '/deploy/$account/environments', params: { account } })}
      >
        <FieldGroup title="Environment">
          <ProjectSelect
            account={account}
            value={draft.project}
            error={errors['project']}
            onChange={(project) => change({ project })}
          />
          <EnvironmentFields
            account={account}
            draft={draft}
            onChange={change}
            errors={errors}
            isStored={false}
          />
        </FieldGroup>
        {connection && (
          <FieldGroup
            title="Credentials"
            help="As whom dbt signs in to the warehouse, and where it builds."
          >
            <CredentialsFields
              account={account}
              adapter={adapter}
              config={connection.config}
              draft={draft.credentials}
              onChange={(part) => change({ credentials: { ...draft.credentials, ...part } })}
              errors={fieldProblems(errors, 'credentials.')}
              isStored={false}
            />
          </FieldGroup>
        )}
      </Form>
    </Page>
  );
}

interface ProjectSelectProps {
  account: number;
  value: number | null;
  error: string | undefined;
  onChange: (project: number | null) => void;
}

function ProjectSelect({ account, value, error, onChange }: ProjectSelectProps) {
  const projects = useQuery(projectsQuery(account));
  return (
    <Select
      label="Project"
      placeholder="Choose one"
      required
      searchable
      data={projects.data?.map(({ id, name }) => ({ value: String(id), label: name })) ?? []}
      value={value === null ? null : String(value)}
      error={error}
      onChange={(id) => onChange(id === null ? null : Number(id))}
    />
  );
}
