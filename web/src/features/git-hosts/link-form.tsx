import { Select, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { Form, fieldErrors } from '@/ui/form/form';
import { SecretInput } from '@/ui/form/secret-input';
import type { Repository } from '../repositories/repositories-api';
import { type HostLink, type LinkInput, useSaveLink } from './git-hosts-api';
import { apiUrlOf, type HostKind, hostKinds, kindChoices, kindOf } from './host-kinds';

interface LinkFormProps {
  account: number;
  repository: Repository;
  /** null: a new one. */
  link: HostLink | null;
  onSaved: (link: HostLink) => void;
  onCancel?: () => void;
}

interface Values {
  kind: HostKind | null;
  api_url: string;
  token: string | null;
}

function valuesOf(repository: Repository, link: HostLink | null): Values {
  const kind = link?.kind ?? kindOf(repository.remote_url);
  const guess = kind === null ? '' : apiUrlOf(kind, repository.remote_url);
  return { kind, api_url: link?.api_url ?? guess, token: null };
}

function inputOf({ kind, api_url, token }: Values): LinkInput {
  return {
    ...(kind !== null && { kind }),
    api_url: api_url.trim(),
    ...(token !== null && token.trim() !== '' && { token: token.trim() }),
  };
}

/** A token by which the host is told of runs, and lets runs fetch the code. */
export function LinkForm({ account, repository, link, onSaved, onCancel }: LinkFormProps) {
  const save = useSaveLink(account, repository);
  const form = useForm<Values>({
    initialValues: valuesOf(repository, link),
    validate: {
      kind: (kind) => (kind === null ? 'Choose one' : null),
      api_url: (url) =>
        /^https?:\/\//.test(url.trim()) ? null : 'Enter an address that begins with https://',
      token: (token) => (link === null && (token ?? '').trim() === '' ? 'Enter the token' : null),
    },
  });
  const { kind } = form.values;
  const secretError = form.errors['token'];
  return (
    <Form
      label="Link to the git host"
      onSubmit={form.onSubmit((values) =>
        save.mutate(inputOf(values), {
          onSuccess: onSaved,
          onError: (refusal) => form.setErrors(fieldErrors(refusal)),
        }),
      )}
      error={save.error}
      shown={['kind', 'api_url', 'token']}
      pending={save.isPending}
      dirty={!save.isSuccess && (form.values.token ?? '') !== ''}
      submitWord={link === null ? 'Link' : 'Save'}
      {...(onCancel && { onCancel })}
    >
      <Select
        label="Kind of host"
        placeholder="Choose one"
        required
        allowDeselect={false}
        data={kindChoices}
        value={kind}
        error={form.errors['kind']}
        onChange={(chosen) => {
          const next = chosen as HostKind;
          form.setValues({ kind: next, api_url: apiUrlOf(next, repository.remote_url) });
        }}
      />
      <TextInput
        label="Address of its API"
        description="Guessed from the Git URL."
        required
        autoComplete="off"
        spellCheck={false}
        classNames={{ input: 'mono' }}
        {...form.getInputProps('api_url')}
      />
      <SecretInput
        label="Token"
        description={
          kind === null
            ? 'Who may read the repository and report on its commits.'
            : hostKinds[kind].token
        }
        stored={link !== null}
        required={link === null}
        value={form.values.token}
        onChange={(token) => form.setFieldValue('token', token)}
        error={typeof secretError === 'string' ? secretError : null}
      />
    </Form>
  );
}
