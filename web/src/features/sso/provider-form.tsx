import { Select, Switch, Textarea, TextInput } from '@mantine/core';
import { type UseFormReturnType, useForm } from '@mantine/form';
import { messageOf } from '@/api/errors';
import { ConfirmButton } from '@/ui/confirm-button';
import { Form, fieldErrors } from '@/ui/form/form';
import { Advanced } from './advanced';
import { draftOf, inputOf, type ProviderDraft, problemsOf } from './provider-draft';
import { FieldInput } from './provider-field';
import { kindOf, kindsFor, type ProviderKind, providerWord } from './provider-kinds';
import { type AuthProvider, useDeleteProvider, useSaveProvider } from './sso-api';
import { ToldGroup } from './told-group';

interface ProviderFormProps {
  account: number;
  /** null: a new one. */
  provider: AuthProvider | null;
  onAdded: (provider: AuthProvider) => void;
  onClose: () => void;
}

const common = [
  'type',
  'name',
  'slug',
  'sign_request',
  'allow_password_backdoor',
  'attribute_map',
] as const;

export function ProviderForm({ account, provider, onAdded, onClose }: ProviderFormProps) {
  const save = useSaveProvider(account, provider?.id ?? null);
  const form = useForm<ProviderDraft>({ initialValues: draftOf(provider) });
  const kind = kindOf(form.values.type);
  const submit = form.onSubmit((draft) => {
    const problems = problemsOf(kind, draft, provider !== null);
    form.setErrors(problems);
    if (Object.keys(problems).length > 0) return;
    save.mutate(inputOf(kind, draft), {
      onSuccess: (kept) => (provider === null ? onAdded(kept) : onClose()),
      onError: (error) => form.setErrors(fieldErrors(error)),
    });
  });
  return (
    <Form
      label="Identity provider"
      onSubmit={submit}
      error={save.error}
      shown={[...common, ...kind.fields.map(({ name }) => name)]}
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
        data={kindsFor(form.values.type).map(({ type, word }) => ({ value: type, label: word }))}
        value={form.values.type}
        onChange={(value) => value !== null && form.setFieldValue('type', value)}
        allowDeselect={false}
        readOnly={provider !== null}
        error={form.errors['type']}
      />
      <ToldGroup kind={kind} provider={provider} />
      <Fields form={form} kind={kind} provider={provider} />
    </Form>
  );
}

interface FieldsProps {
  form: UseFormReturnType<ProviderDraft>;
  kind: ProviderKind;
  provider: AuthProvider | null;
}

function Fields({ form, kind, provider }: FieldsProps) {
  const { texts, secret } = form.values;
  return (
    <>
      {kind.fields.map((field) => (
        <FieldInput
          key={field.name}
          field={field}
          stored={provider?.has_client_secret ?? false}
          value={field.secret ? secret : (texts[field.name] ?? '')}
          error={form.errors[field.name]}
          onChange={(value) =>
            field.secret
              ? form.setFieldValue('secret', value)
              : form.setFieldValue('texts', { ...texts, [field.name]: value ?? '' })
          }
        />
      ))}
      <TextInput
        label="Name"
        description="On the button of the sign-in page. If it is empty, the kind stands there."
        maxLength={100}
        {...form.getInputProps('name')}
      />
      <TextInput
        label="Slug"
        description={
          provider === null
            ? 'The end of the sign-in address. If it is empty, one is made.'
            : 'The end of the sign-in address: with another slug that is another one.'
        }
        maxLength={64}
        {...form.getInputProps('slug')}
      />
      {kind.protocol === 'saml' && (
        <Switch
          label="Sign the requests to the provider"
          description="Where the provider asks for that. Our certificate is in the metadata."
          {...form.getInputProps('sign_request', { type: 'checkbox' })}
        />
      )}
      <Switch
        label="Members may also sign in by password"
        description="This can be turned off once somebody has signed in by the provider. Should the provider fail then, an operator lets passwords in again: millwright admin reset-password --allow-passwords."
        {...form.getInputProps('allow_password_backdoor', { type: 'checkbox' })}
      />
      <Advanced
        used={form.values.attribute_map !== ''}
        wrong={form.errors['attribute_map'] !== undefined}
      >
        <Textarea
          label="Attribute map"
          description={
            'For a provider with names of its own, JSON: {"mail": "email"} reads the e-mail address from its “mail”. Ours are email, first_name, last_name and groups.'
          }
          autosize
          minRows={2}
          maxRows={8}
          spellCheck={false}
          classNames={{ input: 'mono' }}
          {...form.getInputProps('attribute_map')}
        />
      </Advanced>
    </>
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
      question={`Delete ${providerWord(provider)}?`}
      pending={remove.isPending}
      error={remove.error ? messageOf(remove.error) : null}
      onConfirm={() => remove.mutate(provider.id, { onSuccess: onDeleted })}
    >
      Nobody can sign in by it any more, and its settings are lost, its secret with them. Its people
      stay members.
    </ConfirmButton>
  );
}
