import { TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { FieldGroup, Form, fieldErrors } from '@/ui/form/form';
import { emptyRow, type GrantRow, grantsOf, rowsOf } from './grants';
import { GrantsInput } from './grants-input';
import type { ServiceToken, TokenInput } from './tokens-api';

interface TokenFormProps {
  account: number;
  token?: ServiceToken;
  submitWord: string;
  pending: boolean;
  error: unknown;
  /** What was typed is no longer only here. */
  saved: boolean;
  onSubmit: (input: TokenInput, onRefused: (error: unknown) => void) => void;
  onCancel?: () => void;
}

interface Values {
  name: string;
  rows: GrantRow[];
}

export function TokenForm(props: TokenFormProps) {
  const { account, token, submitWord, pending, error, saved, onSubmit, onCancel } = props;
  const rows = token === undefined ? [] : rowsOf(token.permission_grants);
  const form = useForm<Values>({
    initialValues: { name: token?.name ?? '', rows: rows.length === 0 ? [emptyRow] : rows },
    validate: {
      name: (name) => (name.trim() === '' ? 'Enter a name' : null),
      rows: (given) =>
        given.some(({ set }) => set === null) ? 'Choose what the token may do' : null,
    },
  });
  const submit = form.onSubmit((values) =>
    onSubmit({ name: values.name.trim(), permission_grants: grantsOf(values.rows) }, (refusal) =>
      form.setErrors(fieldErrors(refusal)),
    ),
  );
  return (
    <Form
      label="Service token"
      onSubmit={submit}
      error={error}
      shown={['name']}
      pending={pending}
      dirty={!saved && form.isDirty()}
      submitWord={submitWord}
      {...(onCancel && { onCancel })}
    >
      <TextInput
        label="Name"
        description="Of the client that will use it."
        maxLength={255}
        data-autofocus
        {...form.getInputProps('name')}
      />
      <FieldGroup title="What it may do" help="No project chosen means all of them.">
        <GrantsInput
          account={account}
          rows={form.values.rows}
          error={typeof form.errors['rows'] === 'string' ? form.errors['rows'] : undefined}
          onChange={(next) => form.setFieldValue('rows', next)}
        />
      </FieldGroup>
    </Form>
  );
}
