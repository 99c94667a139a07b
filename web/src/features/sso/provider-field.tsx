import { Textarea, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { SecretInput } from '@/ui/form/secret-input';
import type { ProviderField } from './provider-kinds';

interface FieldInputProps {
  field: ProviderField;
  /** Whether the server has a secret. */
  stored: boolean;
  value: string | null;
  error: ReactNode;
  onChange: (value: string | null) => void;
}

/** One of a kind's own fields. */
export function FieldInput({ field, stored, value, error, onChange }: FieldInputProps) {
  const { label, help, required = false, secret, lines } = field;
  if (secret)
    return (
      <SecretInput
        label={label}
        stored={stored}
        value={value}
        onChange={onChange}
        error={typeof error === 'string' ? error : null}
      />
    );
  const props = { label, description: help, required, value: value ?? '', error };
  return lines === undefined ? (
    <TextInput {...props} onChange={(event) => onChange(event.currentTarget.value)} />
  ) : (
    <Textarea
      {...props}
      autosize
      minRows={lines}
      maxRows={12}
      spellCheck={false}
      placeholder="-----BEGIN CERTIFICATE-----"
      classNames={{ input: 'mono' }}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
