import { Select, Skeleton, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { messageOf } from '@/api/errors';
import { Problem } from '@/ui/problem';
import { adapterChoices, adapterTitle } from './adapters';
import { type ConnectionDraft, fieldProblems, withAdapter } from './connection-draft';
import { adapterSchemaQuery } from './connections-api';
import { MoreFields, SchemaFields } from './schema-fields';
import { connectionFields, partsOf } from './schema-form';

interface ConnectionFieldsProps {
  account: number;
  draft: ConnectionDraft;
  onChange: (part: Partial<ConnectionDraft>) => void;
  errors: Readonly<Record<string, string>>;
  isStored: boolean;
}

/** The inputs of a connection: its adapter, its name, and what the adapter wants to know. */
export function ConnectionFields(props: ConnectionFieldsProps) {
  const { account, draft, onChange, errors, isStored } = props;
  const schema = useQuery(adapterSchemaQuery(account, draft.adapter));
  const { main, more } = partsOf(schema.data ? connectionFields(schema.data) : []);
  const fields = {
    values: draft.fields,
    onChange: (values: ConnectionDraft['fields']) => onChange({ fields: values }),
    errors: fieldProblems(errors),
    isStored,
  };
  return (
    <>
      {isStored ? (
        <TextInput label="Warehouse" value={adapterTitle(draft.adapter)} readOnly />
      ) : (
        <Select
          label="Warehouse"
          placeholder="Choose one"
          required
          searchable
          data={adapterChoices}
          value={draft.adapter || null}
          error={errors['adapter']}
          onChange={(adapter) => onChange(withAdapter(draft, adapter ?? ''))}
        />
      )}
      <TextInput
        label="Name"
        description="What you and your colleagues call it"
        required
        value={draft.name}
        error={errors['name']}
        onChange={(event) => onChange({ name: event.currentTarget.value })}
      />
      {schema.isError && (
        <Problem
          title="The fields of this adapter could not be read"
          onRetry={() => void schema.refetch()}
        >
          {messageOf(schema.error)}
        </Problem>
      )}
      {schema.isLoading && <Skeleton height={56} />}
      <SchemaFields fields={main} {...fields} />
      {/* Anew for each adapter, folded. */}
      <MoreFields key={draft.adapter} fields={more} {...fields} />
    </>
  );
}
