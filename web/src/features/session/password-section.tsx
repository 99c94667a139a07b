import { PasswordInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { Form, fieldErrors } from '@/ui/form/form';
import { Section } from '@/ui/page';
import { passwordProblem } from './password';
import { useChangePassword } from './session-api';

const names = { old_password: 'old', new_password: 'chosen' };

/** Changing one's own password; a part of the profile. */
export function PasswordSection() {
  const change = useChangePassword();
  const [done, setDone] = useState(false);
  const form = useForm({
    initialValues: { old: '', chosen: '', again: '' },
    validate: {
      old: (text) => (text === '' ? 'Enter your present password' : null),
      chosen: passwordProblem,
      again: (text, fields) => (text === fields.chosen ? null : 'The two are not the same'),
    },
    onValuesChange: () => setDone(false),
  });
  const submit = form.onSubmit(({ old, chosen }) =>
    change.mutate(
      { old_password: old, new_password: chosen },
      {
        onSuccess: () => {
          form.reset();
          setDone(true);
        },
        onError: (error) => form.setErrors(fieldErrors(error, names)),
      },
    ),
  );
  return (
    <Section title="Password" help="A new one ends your sessions everywhere else.">
      <Form
        label="Password"
        onSubmit={submit}
        error={change.error}
        shown={Object.keys(names)}
        pending={change.isPending}
        dirty={form.isDirty()}
        submitWord="Change the password"
        beside={done && <span role="status">The new password is set.</span>}
      >
        <PasswordInput
          label="Present password"
          autoComplete="current-password"
          {...form.getInputProps('old')}
        />
        <PasswordInput
          label="New password"
          autoComplete="new-password"
          {...form.getInputProps('chosen')}
        />
        <PasswordInput
          label="New password again"
          autoComplete="new-password"
          {...form.getInputProps('again')}
        />
      </Form>
    </Section>
  );
}
