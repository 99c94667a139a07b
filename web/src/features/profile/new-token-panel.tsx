import { Button, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { ShownOnce } from '@/features/users/shown-once';
import { Form, fieldErrors } from '@/ui/form/form';
import { SidePanel } from '@/ui/side-panel';
import { useMakeToken } from './profile-api';

interface NewTokenPanelProps {
  account: number;
  user: number;
  opened: boolean;
  onClose: () => void;
}

export function NewTokenPanel({ account, user, opened, onClose }: NewTokenPanelProps) {
  return (
    <SidePanel title="New personal token" opened={opened} onClose={onClose}>
      {opened && <NewToken account={account} user={user} onClose={onClose} />}
    </SidePanel>
  );
}

function NewToken({ account, user, onClose }: Omit<NewTokenPanelProps, 'opened'>) {
  const make = useMakeToken(account, user);
  const [text, setText] = useState<string | null>(null);
  const form = useForm({
    initialValues: { name: '' },
    validate: { name: (name) => (name.trim() === '' ? 'Give the token a name' : null) },
  });
  if (text !== null)
    return (
      <Stack gap="md">
        <ShownOnce what="token" text={text}>
          Copy it now: it is shown only this once.
        </ShownOnce>
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
      label="Personal token"
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
        description="Where you will use it: “Laptop”, “VS Code”."
        required
        data-autofocus
        {...form.getInputProps('name')}
      />
    </Form>
  );
}
