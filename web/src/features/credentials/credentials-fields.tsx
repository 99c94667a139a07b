import { Select, SimpleGrid, Skeleton, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { messageOf } from '@/api/errors';
import { Problem } from '@/ui/problem';
import { fieldProblems } from '../connections/connection-draft';
import { adapterSchemaQuery } from '../connections/connections-api';
import { SchemaFields } from '../connections/schema-fields';
import { askedFields, type CredentialsDraft } from './credentials-draft';
import { signInField, signInWays, wayOf } from './sign-in';

interface CredentialsFieldsProps {
  account: number;
  adapter: string;
  /** The connection's fields: a user name that stands there need not be repeated. */
  config: Record<string, unknown>;
  draft: CredentialsDraft;
  onChange: (part: Partial<CredentialsDraft>) => void;
  errors: Readonly<Record<string, string>>;
  isStored: boolean;
}

/** As whom dbt comes to the warehouse, and into which schema it builds. */
export function CredentialsFields(props: CredentialsFieldsProps) {
  const { account, adapter, config, draft, onChange, errors, isStored } = props;
  const schema = useQuery(adapterSchemaQuery(account, adapter));
  const ways = signInWays(adapter);
  const fields = schema.data ? askedFields(schema.data, adapter, draft.fields, config) : [];
  return (
    <>
      {schema.isError && (
        <Problem
          title="The fields of this adapter could not be read"
          onRetry={() => void schema.refetch()}
        >
          {messageOf(schema.error)}
        </Problem>
      )}
      {schema.isLoading && <Skeleton height={56} />}
      {ways.length > 0 && schema.data && (
        <Select
          label="Sign in by"
          data={ways.map(({ value, label }) => ({ value, label }))}
          value={wayOf(adapter, draft.fields)?.value ?? null}
          allowDeselect={false}
          onChange={(way) => onChange({ fields: { ...draft.fields, [signInField]: way } })}
        />
      )}
      <SchemaFields
        // Each way has secrets of its own.
        key={wayOf(adapter, draft.fields)?.value ?? adapter}
        fields={fields}
        values={draft.fields}
        onChange={(values) => onChange({ fields: values })}
        errors={fieldProblems(errors)}
        isStored={isStored}
      />
      <TextInput
        label={adapter === 'bigquery' ? 'Dataset' : 'Schema'}
        description="Where dbt builds your models; it is made if it is not there"
        placeholder="analytics"
        required
        autoComplete="off"
        spellCheck={false}
        value={draft.schema}
        error={errors['schema']}
        onChange={(event) => onChange({ schema: event.currentTarget.value })}
      />
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        <TextInput
          label="Threads"
          description="How many models dbt builds at once"
          inputMode="numeric"
          value={draft.threads}
          error={errors['threads']}
          onChange={(event) => onChange({ threads: event.currentTarget.value })}
        />
        <TextInput
          label="Target name"
          description={
            <>
              <code>target.name</code> in your code
            </>
          }
          value={draft.target_name}
          onChange={(event) => onChange({ target_name: event.currentTarget.value })}
        />
      </SimpleGrid>
    </>
  );
}
