import { Autocomplete, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { messageOf } from '@/api/errors';
import { ConfirmButton } from '@/ui/confirm-button';
import { Form, fieldErrors } from '@/ui/form/form';
import { SecretInput } from '@/ui/form/secret-input';
import css from './integrations.module.css';
import {
  type OauthConfiguration,
  type OauthInput,
  useDeleteOauth,
  useSaveOauth,
} from './integrations-api';

interface OauthPanelProps {
  account: number;
  configuration?: OauthConfiguration;
  onClose: () => void;
}

type Values = Omit<OauthInput, 'client_secret'> & { client_secret: string | null };

const addresses = [
  { key: 'authorize_url', label: 'Authorisation URL' },
  { key: 'token_url', label: 'Token URL' },
  { key: 'redirect_uri', label: 'Redirect URI' },
] as const;

function valuesOf(configuration: OauthConfiguration | undefined): Values {
  return {
    type: configuration?.type ?? 'entra',
    name: configuration?.name ?? '',
    client_id: configuration?.client_id ?? '',
    client_secret: null,
    authorize_url: configuration?.authorize_url ?? '',
    token_url: configuration?.token_url ?? '',
    redirect_uri: configuration?.redirect_uri ?? '',
  };
}

function inputOf({ client_secret: secret, ...rest }: Values): OauthInput {
  return secret === null || secret === '' ? rest : { ...rest, client_secret: secret };
}

export function OauthPanel({ account, configuration, onClose }: OauthPanelProps) {
  const save = useSaveOauth(account, configuration?.id);
  const form = useForm<Values>({
    initialValues: valuesOf(configuration),
    validate: {
      type: (type) => (type.trim() === '' ? 'Enter a type' : null),
      name: (name) => (name.trim() === '' ? 'Enter a name' : null),
    },
  });
  const submit = form.onSubmit((values) =>
    save.mutate(inputOf(values), {
      onSuccess: onClose,
      onError: (refusal) => form.setErrors(fieldErrors(refusal)),
    }),
  );
  const secretError = form.errors['client_secret'];
  return (
    <div className={css.stack}>
      <Form
        label="OAuth configuration"
        onSubmit={submit}
        error={save.error}
        shown={Object.keys(form.values)}
        pending={save.isPending}
        dirty={!save.isSuccess && form.isDirty()}
        submitWord={configuration === undefined ? 'Create' : 'Save'}
        onCancel={onClose}
      >
        <TextInput label="Name" maxLength={255} data-autofocus {...form.getInputProps('name')} />
        <Autocomplete
          label="Type"
          description="Whose sign-in it is."
          data={['entra', 'okta']}
          maxLength={64}
          {...form.getInputProps('type')}
        />
        <TextInput label="Client id" {...form.getInputProps('client_id')} />
        <SecretInput
          label="Client secret"
          stored={configuration !== undefined}
          value={form.values.client_secret}
          onChange={(secret) => form.setFieldValue('client_secret', secret)}
          error={typeof secretError === 'string' ? secretError : null}
        />
        {addresses.map(({ key, label }) => (
          <TextInput key={key} label={label} maxLength={2048} {...form.getInputProps(key)} />
        ))}
      </Form>
      {configuration !== undefined && (
        <Delete account={account} configuration={configuration} onClose={onClose} />
      )}
    </div>
  );
}

function Delete({ account, configuration, onClose }: Required<OauthPanelProps>) {
  const remove = useDeleteOauth(account);
  return (
    <div className={css.danger}>
      <ConfirmButton
        word="Delete"
        question={`Delete ${configuration.name || configuration.type}?`}
        pending={remove.isPending}
        error={remove.error && messageOf(remove.error)}
        onConfirm={(close) =>
          remove.mutate(configuration.id, {
            onSuccess: () => {
              close();
              onClose();
            },
          })
        }
      >
        Its secret goes with it. Connections that name it can no longer sign people in by it.
      </ConfirmButton>
    </div>
  );
}
