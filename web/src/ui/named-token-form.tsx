import { Button, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { UseMutationResult } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Form, fieldErrors } from './form/form';
import { ShownOnce } from './shown-once';

interface NamedTokenFormProps {
  /** What is made: “Personal token”. */
  label: string;
  /** The same on the copy button. */
  what: string;
  /** What the name is for. */
  nameHelp: string;
  make: UseMutationResult<{ token_string: string }, Error, string>;
  /** Says, beside the new token, what to do with it. */
  words: ReactNode;
  /** What goes with it, below. */
  beside?: ReactNode;
  onClose: () => void;
}

/** Makes a token that has a name and nothing else, and shows it the one time that it can be shown. */
export function NamedTokenForm(props: NamedTokenFormProps) {
  const { label, what, nameHelp, make, words, beside, onClose } = props;
  const [text, setText] = useState<string | null>(null);
  const form = useForm({
    initialValues: { name: '' },
    validate: { name: (name) => (name.trim() === '' ? 'Give the token a name' : null) },
  });
  if (text !== null)
    return (
      <Stack gap="md">
        <ShownOnce what={what} text={text}>
          {words}
        </ShownOnce>
        {beside}
        <div>
          <Button size="sm" onClick={onClose}>
            Done
          </Button>
        </div>
      </Stack>
    );
  const submit = form.onSubmit(({ name }) =>
    make.mutate(name.trim(), {
      onSuccess: ({ token_string }) => setText(token_string),
      onError: (error) => form.setErrors(fieldErrors(error)),
    }),
  );
  return (
    <Form
      label={label}
      onSubmit={submit}
      error={make.error}
      shown={['name']}
      pending={make.isPending}
      dirty={form.isDirty()}
      submitWord="Make token"
      onCancel={onClose}
    >
      <TextInput
        label="Name"
        description={nameHelp}
        required
        data-autofocus
        {...form.getInputProps('name')}
      />
    </Form>
  );
}
