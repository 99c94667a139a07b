import { Select, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { messageOf } from '@/api/errors';
import { ConfirmButton } from '@/ui/confirm-button';
import { Form, fieldErrors } from '@/ui/form/form';
import { SecretInput } from '@/ui/form/secret-input';
import { SidePanel } from '@/ui/side-panel';
import {
  inputOf,
  kindOf,
  missing,
  type ProviderField,
  type ProviderKind,
  providerKinds,
  providerWord,
  textsOf,
} from './provider-kinds';
import { type AuthProvider, useDeleteProvider, useSaveProvider } from './sso-api';

interface ProviderPanelProps {
  account: number;
  /** null: a new one. undefined: none is open. */
  provider: AuthProvider | null | undefined;
  onClose: () => void;
}

export function ProviderPanel({ account, provider, onClose }: ProviderPanelProps) {
  return (
    <SidePanel
      title={provider ? providerWord(provider.type) : 'New identity provider'}
      opened={provider !== undefined}
      onClose={onClose}
    >
      {provider !== undefined && (
        <ProviderForm
          key={provider?.id ?? 'new'}
          account={account}
          provider={provider}
          onClose={onClose}
        />
      )}
    </SidePanel>
  );
}

interface ProviderFormProps {
  account: number;
  provider: AuthProvider | null;
  onClose: () => void;
}

interface Values {
  type: string;
  slug: string;
  texts: Record<string, string>;
  secret: string | null;
}

const unknownKind = (type: string): ProviderKind => ({ type, word: type, fields: [] });

function ProviderForm({ account, provider, onClose }: ProviderFormProps) {
  const save = useSaveProvider(account, provider?.id ?? null);
  const form = useForm<Values>({
    initialValues: {
      type: provider?.type ?? 'saml',
      slug: provider?.slug ?? '',
      texts: textsOf(provider, kindOf(provider?.type ?? 'saml') ?? unknownKind('')),
      secret: null,
    },
  });
  const { type, slug, texts, secret } = form.values;
  const kind = kindOf(type) ?? unknownKind(type);
  const submit = form.onSubmit(() => {
    const wrong = missing(kind, texts);
    form.setErrors(wrong);
    if (Object.keys(wrong).length > 0) return;
    save.mutate(inputOf(kind, slug, texts, secret), {
      onSuccess: onClose,
      onError: (error) => form.setErrors(fieldErrors(error)),
    });
  });
  return (
    <Form
      label="Identity provider"
      onSubmit={submit}
      error={save.error}
      shown={['type', 'slug', ...kind.fields.map(({ name }) => name)]}
      pending={save.isPending}
      dirty={form.isDirty() && !save.isSuccess}
      submitWord={provider === null ? 'Add provider' : 'Save'}
      onCancel={onClose}
      beside={
        provider === null ? undefined : (
          <DeleteButton account={account} provider={provider} onDeleted={onClose} />
        )
      }
    >
      <Select
        label="Kind"
        data={providerKinds.map((each) => ({ value: each.type, label: each.word }))}
        value={type}
        onChange={(value) => form.setFieldValue('type', value ?? type)}
        allowDeselect={false}
        readOnly={provider !== null}
      />
      <TextInput
        label="Slug"
        description="Names the account in a sign-in address."
        {...form.getInputProps('slug')}
      />
      {kind.fields.map((field) => (
        <FieldInput
          key={field.name}
          field={field}
          stored={provider !== null}
          value={field.secret ? secret : (texts[field.name] ?? '')}
          error={form.errors[field.name]}
          onChange={(value) =>
            field.secret
              ? form.setFieldValue('secret', value)
              : form.setFieldValue('texts', { ...texts, [field.name]: value ?? '' })
          }
        />
      ))}
    </Form>
  );
}

interface FieldInputProps {
  field: ProviderField;
  stored: boolean;
  value: string | null;
  error: React.ReactNode;
  onChange: (value: string | null) => void;
}

function FieldInput({ field, stored, value, error, onChange }: FieldInputProps) {
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
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

interface DeleteButtonProps {
  account: number;
  provider: AuthProvider;
  onDeleted: () => void;
}

function DeleteButton({ account, provider, onDeleted }: DeleteButtonProps) {
  const remove = useDeleteProvider(account);
  return (
    <ConfirmButton
      word="Delete"
      question={`Delete ${providerWord(provider.type)}?`}
      pending={remove.isPending}
      error={remove.error ? messageOf(remove.error) : null}
      onConfirm={() => remove.mutate(provider.id, { onSuccess: onDeleted })}
    >
      Its settings are lost, its secret with them.
    </ConfirmButton>
  );
}
