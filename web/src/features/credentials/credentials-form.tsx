import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { FieldGroup, Form, fieldErrors } from '@/ui/form/form';
import { adapterOf } from '../connections/adapters';
import { adapterSchemaQuery, type Connection } from '../connections/connections-api';
import { refuseIfChanged, useAct } from '../projects/act';
import { ConflictNote, SavedNote } from '../projects/draft-notes';
import { useDraft } from '../projects/use-draft';
import { type Credentials, saveCredentials } from './credentials-api';
import {
  credentialsBody,
  draftOfCredentials,
  newCredentials,
  problemsOfCredentials,
} from './credentials-draft';
import { CredentialsFields } from './credentials-fields';

interface CredentialsFormProps {
  account: number;
  project: number;
  connection: Connection;
  /** Undefined for a first set. */
  credentials: Credentials | undefined;
  /** Waited for before the save counts as done. */
  onSaved: (saved: Credentials) => Promise<void>;
  beside?: ReactNode;
  busy?: boolean;
}

export function CredentialsForm(props: CredentialsFormProps) {
  const { account, project, connection, credentials, onSaved, beside } = props;
  const adapter = adapterOf(connection.adapter_version);
  const schema = useQuery(adapterSchemaQuery(account, adapter));
  const form = useDraft(
    credentials ? draftOfCredentials(credentials) : newCredentials(),
    credentials?.updated_at,
  );
  const save = useAct(
    account,
    ['credentials', 'environments'],
    async (body: Record<string, unknown>) => {
      if (credentials !== undefined)
        await refuseIfChanged(
          `/accounts/${account}/projects/${project}/credentials/${credentials.id}/`,
          form.expected,
        );
      const saved = await saveCredentials(account, project, credentials?.id ?? null, body);
      await onSaved(saved);
      return saved;
    },
  );
  const submit = () => {
    const isStored = credentials !== undefined;
    const found = problemsOfCredentials(
      form.draft,
      schema.data,
      adapter,
      connection.config,
      isStored,
    );
    form.setErrors(found);
    if (Object.keys(found).length > 0 || schema.data === undefined) return;
    save.mutate(credentialsBody(form.draft, schema.data, adapter, credentials), {
      onSuccess: (saved) => form.keep(draftOfCredentials(saved), saved.updated_at),
      onError: (error) => form.setErrors(fieldErrors(error)),
    });
  };
  return (
    <Form
      label="Credentials"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      error={save.error}
      shown={['schema', 'threads']}
      pending={save.isPending}
      dirty={form.dirty}
      beside={
        <>
          {beside}
          <SavedNote form={form} />
        </>
      }
    >
      <ConflictNote form={form} />
      <FieldGroup
        title="Credentials"
        help="As whom dbt signs in to the warehouse, and where it builds."
      >
        <CredentialsFields
          // What was typed of secrets is gone from the page once it is stored.
          key={credentials?.updated_at ?? 'new'}
          account={account}
          adapter={adapter}
          config={connection.config}
          draft={form.draft}
          onChange={form.change}
          errors={form.errors}
          isStored={credentials !== undefined}
        />
      </FieldGroup>
    </Form>
  );
}
