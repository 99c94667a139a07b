import { Button, Group, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';

interface LongSecretInputProps {
  label: string;
  description?: string;
  stored: boolean;
  /** null: what is stored stays. */
  value: string | null;
  onChange: (value: string | null) => void;
  error?: string | null;
  required?: boolean;
}

/** A secret of several lines, such as a private key: a password's input would lose their ends. */
export function LongSecretInput(props: LongSecretInputProps) {
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
      <Textarea
        flex={1}
        label={label}
        description={description}
        required={required}
        autoComplete="off"
        spellCheck={false}
        autosize
        minRows={3}
        maxRows={8}
        classNames={{ input: 'mono' }}
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
