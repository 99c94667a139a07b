import { useQuery } from '@tanstack/react-query';
import { FieldGroup, Form, fieldErrors } from '@/ui/form/form';
import { ConflictNote, SavedNote } from '../projects/draft-notes';
import { useDraft } from '../projects/use-draft';
import {
  connectionBody,
  draftOfConnection,
  newConnection,
  problemsOfConnection,
} from './connection-draft';
import { ConnectionFields } from './connection-fields';
import { adapterSchemaQuery, type Connection, useSaveConnection } from './connections-api';

interface ConnectionFormProps {
  account: number;
  /** Undefined for a new one. */
  connection?: Connection;
  onSaved?: (connection: Connection) => void;
  onCancel?: () => void;
}

export function ConnectionForm({ account, connection, ...props }: ConnectionFormProps) {
  const form = useDraft(
    connection ? draftOfConnection(connection) : newConnection(),
    connection?.updated_at,
  );
  const schema = useQuery(adapterSchemaQuery(account, form.draft.adapter));
  const save = useSaveConnection(account, connection?.id ?? null, form.expected);
  const submit = () => {
    const found = problemsOfConnection(form.draft, schema.data, connection !== undefined);
    form.setErrors(found);
    if (Object.keys(found).length > 0 || schema.data === undefined) return;
    save.mutate(connectionBody(form.draft, schema.data, connection), {
      onSuccess: (saved) => {
        form.keep(draftOfConnection(saved), saved.updated_at);
        props.onSaved?.(saved);
      },
      onError: (error) => form.setErrors(fieldErrors(error, { adapter_version: 'adapter' })),
    });
  };
  return (
    <Form
      label="Connection"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      error={save.error}
      shown={['name', 'adapter_version']}
      pending={save.isPending}
      dirty={form.dirty}
      submitWord={connection ? 'Save' : 'Create connection'}
      beside={<SavedNote form={form} />}
      {...(props.onCancel ? { onCancel: props.onCancel } : {})}
    >
      <ConflictNote form={form} />
      <FieldGroup title="Connection" help="Where the warehouse is.">
        <ConnectionFields
          // What was typed of secrets is gone from the page once it is stored.
          key={connection?.updated_at ?? 'new'}
          account={account}
          draft={form.draft}
          onChange={form.change}
          errors={form.errors}
          isStored={connection !== undefined}
        />
      </FieldGroup>
    </Form>
  );
}
