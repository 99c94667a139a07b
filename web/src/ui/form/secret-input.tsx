import { Button, Group, PasswordInput, Textarea, TextInput } from '@mantine/core';
import { type ChangeEvent, useState } from 'react';

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
  /** Of several lines, such as a private key: a password's input would lose their ends. */
  long?: boolean;
}

/** A secret can be written and replaced, and never read. */
export function SecretInput(props: SecretInputProps) {
  const {
    label,
    description,
    stored,
    value,
    onChange,
    error,
    required = false,
    long = false,
  } = props;
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
  const input = {
    flex: 1,
    label,
    description,
    required,
    value: value ?? '',
    error,
    onChange: (event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) =>
      onChange(event.currentTarget.value),
  };
  return (
    <Group gap="xs" align="flex-end" wrap="nowrap">
      {long ? (
        <Textarea
          {...input}
          autoComplete="off"
          spellCheck={false}
          autosize
          minRows={3}
          maxRows={8}
          classNames={{ input: 'mono' }}
        />
      ) : (
        <PasswordInput {...input} autoComplete="new-password" />
      )}
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
