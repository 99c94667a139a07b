import {
  Collapse,
  NumberInput,
  Select,
  Switch,
  Textarea,
  TextInput,
  UnstyledButton,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { SecretInput } from '@/ui/form/secret-input';
import css from './connections.module.css';
import type { FieldValue, FieldValues, FormField } from './schema-form';

interface SchemaFieldsProps {
  fields: readonly FormField[];
  values: FieldValues;
  onChange: (values: FieldValues) => void;
  errors: Readonly<Record<string, string>>;
  /** Something is stored already: secrets may stay as they are. */
  isStored: boolean;
}

/** The inputs of an adapter's fields. */
export function SchemaFields({ fields, values, onChange, errors, isStored }: SchemaFieldsProps) {
  return fields.map((field) => (
    <SchemaInput
      key={field.name}
      field={field}
      value={values[field.name]}
      error={errors[field.name]}
      isStored={isStored}
      onChange={(value) => onChange({ ...values, [field.name]: value })}
    />
  ));
}

interface SchemaInputProps {
  field: FormField;
  value: FieldValue | undefined;
  error: string | undefined;
  isStored: boolean;
  onChange: (value: FieldValue) => void;
}

const examples: Record<string, string> = {
  hostname: 'warehouse.example.com',
  host: 'warehouse.example.com',
  path: '/data/warehouse.duckdb',
};

function SchemaInput({ field, value, error, isStored, onChange }: SchemaInputProps) {
  const { label, required, kind, name } = field;
  const common = { label, required, error: error ?? null };
  if (kind === 'secret') {
    return (
      <SecretInput
        long={field.long}
        {...common}
        stored={isStored && required}
        {...(isStored && !required
          ? { description: 'Left empty, what may be stored stays. It is never shown.' }
          : {})}
        value={typeof value === 'string' ? value : null}
        // An emptied optional one was not typed.
        onChange={(text) => onChange(text === '' && !required ? null : text)}
      />
    );
  }
  if (kind === 'boolean')
    return (
      <Switch
        label={label}
        checked={value === true}
        error={error}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    );
  const text = typeof value === 'string' ? value : '';
  if (kind === 'select')
    return (
      <Select
        {...common}
        data={field.options}
        value={text || null}
        clearable={!required}
        onChange={(next) => onChange(next ?? '')}
      />
    );
  if (kind === 'number')
    return (
      <NumberInput
        {...common}
        value={text}
        hideControls
        onChange={(next) => onChange(String(next))}
      />
    );
  if (kind === 'json')
    return (
      <Textarea
        {...common}
        description="As JSON"
        autosize
        minRows={2}
        maxRows={12}
        classNames={{ input: 'mono' }}
        value={text}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    );
  return (
    <TextInput
      {...common}
      placeholder={examples[name] ?? ''}
      autoComplete="off"
      spellCheck={false}
      value={text}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

/** Fields for special cases, folded until they are wanted or one of them holds something. */
export function MoreFields(props: SchemaFieldsProps) {
  const { fields, values, errors } = props;
  const used = fields.some(({ name }) => errors[name] !== undefined || (values[name] ?? '') !== '');
  const [opened, { toggle }] = useDisclosure(used);
  if (fields.length === 0) return null;
  const Chevron = opened ? IconChevronDown : IconChevronRight;
  return (
    <div>
      <UnstyledButton className={css.more} aria-expanded={opened} onClick={toggle}>
        <Chevron size={16} aria-hidden="true" /> More options ({fields.length})
      </UnstyledButton>
      <Collapse expanded={opened} transitionDuration={120}>
        <div className={css.stack}>
          <SchemaFields {...props} />
        </div>
      </Collapse>
    </div>
  );
}
