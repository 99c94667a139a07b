import { Button, Group, PasswordInput, TextInput } from '@mantine/core';
import { useState } from 'react';

interface SecretInputProps {
  label: string;
  description?: string;
  /** Whether the server has one; it never says which. */
  stored: boolean;
  /** null: what is stored stays. */
  value: string | null;
  onChange: (value: string | null) => void;
  error?: string | null;
  required?: boolean;
}

/** A secret can be written and replaced, and never read. */
export function SecretInput(props: SecretInputProps) {
  const { label, description, stored, value, onChange, error, required = false } = props;
  const [replacing, setReplacing] = useState(false);
  if (stored && !replacing && value === null) {
    return (
      <TextInput
        label={label}
        description={description}
        value="••••••••••••"
        readOnly
        error={error}
        rightSectionWidth={72}
        rightSection={
          <Button variant="subtle" size="compact-xs" onClick={() => setReplacing(true)}>
            Replace
          </Button>
        }
      />
    );
  }
  return (
    <Group gap="xs" align="flex-end" wrap="nowrap">
      <PasswordInput
        flex={1}
        label={label}
        description={description}
        autoComplete="new-password"
        required={required}
        value={value ?? ''}
        error={error}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      {stored && (
        <Button
          variant="default"
          size="sm"
          onClick={() => {
            setReplacing(false);
            onChange(null);
          }}
        >
          Keep the old one
        </Button>
      )}
    </Group>
  );
}
