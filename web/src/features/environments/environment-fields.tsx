import { Autocomplete, Input, SegmentedControl, Select, Textarea, TextInput } from '@mantine/core';
import { useId } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { connectionsQuery } from '../connections/connections-api';
import type { EnvironmentDraft } from './environment-draft';
import { environmentsQuery } from './environments-api';

interface EnvironmentFieldsProps {
  account: number;
  draft: EnvironmentDraft;
  onChange: (part: Partial<EnvironmentDraft>) => void;
  errors: Readonly<Record<string, string>>;
  /** Its type can't be changed any more. */
  isStored: boolean;
  /** Where the connection is chosen elsewhere. */
  withoutConnection?: boolean;
}

/** The inputs of an environment, without its credentials. */
export function EnvironmentFields(props: EnvironmentFieldsProps) {
  const { account, draft, onChange, errors, isStored, withoutConnection = false } = props;
  return (
    <>
      <TextInput
        label="Name"
        placeholder="Production"
        required
        value={draft.name}
        error={errors['name']}
        onChange={(event) => onChange({ name: event.currentTarget.value })}
      />
      {!isStored && (
        <Choice
          label="Type"
          description="Jobs run in deployment environments. Each project has one for development."
          value={draft.type}
          error={errors['type']}
          data={[
            { value: 'deployment', label: 'Deployment' },
            { value: 'development', label: 'Development' },
          ]}
          onChange={(type) => onChange({ type: type as EnvironmentDraft['type'] })}
        />
      )}
      {draft.type === 'deployment' && (
        <Choice
          label="Deployment type"
          description="A project has at most one for production and one for staging"
          value={draft.deployment_type}
          error={errors['deployment_type']}
          data={[
            { value: 'production', label: 'Production' },
            { value: 'staging', label: 'Staging' },
            { value: '', label: 'General' },
          ]}
          onChange={(deployment_type) => onChange({ deployment_type })}
        />
      )}
      <VersionInput account={account} draft={draft} onChange={onChange} errors={errors} />
      {!withoutConnection && (
        <ConnectionSelect account={account} draft={draft} onChange={onChange} errors={errors} />
      )}
      <TextInput
        label="Custom branch"
        description="Left empty, dbt runs what is on the repository's default branch"
        placeholder="main"
        autoComplete="off"
        spellCheck={false}
        value={draft.custom_branch}
        error={errors['custom_branch']}
        onChange={(event) => onChange({ custom_branch: event.currentTarget.value })}
      />
      <Textarea
        label="Extended attributes"
        description="JSON that is merged over the profile and wins over connection and credentials. Don't write secrets here: it can be read."
        autosize
        minRows={2}
        maxRows={16}
        spellCheck={false}
        classNames={{ input: 'mono' }}
        value={draft.attributes}
        error={errors['attributes'] ?? errors['extended_attributes']}
        onChange={(event) => onChange({ attributes: event.currentTarget.value })}
      />
    </>
  );
}

type PartProps = Pick<EnvironmentFieldsProps, 'account' | 'draft' | 'onChange' | 'errors'>;

function VersionInput({ account, draft, onChange, errors }: PartProps) {
  const environments = useQuery(environmentsQuery(account));
  const used = environments.data?.map(({ dbt_version }) => dbt_version) ?? [];
  return (
    <Autocomplete
      label="dbt version"
      description={
        <>
          <code>latest</code>, or a release such as <code>1.11.0-latest</code> that is installed on
          this appliance
        </>
      }
      required
      spellCheck={false}
      data={[...new Set(['latest', ...used])]}
      value={draft.dbt_version}
      error={errors['dbt_version']}
      onChange={(dbt_version) => onChange({ dbt_version })}
    />
  );
}

function ConnectionSelect({ account, draft, onChange, errors }: PartProps) {
  const connections = useQuery(connectionsQuery(account));
  return (
    <Select
      label="Connection"
      description="The warehouse that dbt builds in"
      placeholder={connections.data?.length === 0 ? 'There is none yet' : 'Choose one'}
      searchable
      clearable
      data={connections.data?.map(({ id, name }) => ({ value: String(id), label: name })) ?? []}
      value={draft.connection_id === null ? null : String(draft.connection_id)}
      error={errors['connection_id']}
      onChange={(id) => onChange({ connection_id: id === null ? null : Number(id) })}
    />
  );
}

interface ChoiceProps {
  label: string;
  description: string;
  value: string;
  error: string | undefined;
  data: { value: string; label: string }[];
  onChange: (value: string) => void;
}

function Choice({ label, description, value, error, data, onChange }: ChoiceProps) {
  const id = useId();
  return (
    <Input.Wrapper label={label} description={description} error={error} labelElement="div" id={id}>
      <div>
        <SegmentedControl
          mt={4}
          size="xs"
          aria-label={label}
          value={value}
          data={data}
          onChange={onChange}
        />
      </div>
    </Input.Wrapper>
  );
}
