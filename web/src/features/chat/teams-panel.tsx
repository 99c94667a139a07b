import { TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { messageOf } from '@/api/errors';
import { ConfirmButton } from '@/ui/confirm-button';
import { Form, fieldErrors } from '@/ui/form/form';
import { SecretInput } from '@/ui/form/secret-input';
import css from './chat.module.css';
import { type TeamsChannel, useRemoveTeamsChannel, useSaveTeamsChannel } from './chat-api';

interface TeamsPanelProps {
  account: number;
  channel?: TeamsChannel;
  onClose: () => void;
}

interface Values {
  name: string;
  /** null: what is stored stays. */
  url: string | null;
}

export function TeamsPanel({ account, channel, onClose }: TeamsPanelProps) {
  const save = useSaveTeamsChannel(account, channel?.id);
  const form = useForm<Values>({
    initialValues: { name: channel?.name ?? '', url: channel === undefined ? '' : null },
    validate: {
      name: (name) => (name.trim() === '' ? 'Enter a name' : null),
      url: (url) =>
        url === null || /^https?:\/\/\S+$/.test(url.trim())
          ? null
          : 'Enter the address that the workflow shows: https://…',
    },
  });
  const submit = form.onSubmit(({ name, url }) =>
    save.mutate(
      { name: name.trim(), ...(url !== null && { url: url.trim() }) },
      { onSuccess: onClose, onError: (error) => form.setErrors(fieldErrors(error)) },
    ),
  );
  return (
    <div className={css.stack}>
      <Form
        label="Teams channel"
        onSubmit={submit}
        error={save.error}
        shown={['name', 'url']}
        pending={save.isPending}
        dirty={!save.isSuccess && form.isDirty()}
        submitWord={channel === undefined ? 'Add' : 'Save'}
        onCancel={onClose}
      >
        <TextInput
          label="Name"
          description="By which rules name it."
          maxLength={100}
          data-autofocus
          {...form.getInputProps('name')}
        />
        <SecretInput
          label="Address of the workflow"
          description="Whoever has it may post in the channel: it is shown to nobody again."
          stored={channel !== undefined}
          value={form.values.url}
          onChange={(url) => form.setFieldValue('url', url)}
          error={form.errors['url'] as string | null}
        />
      </Form>
      {channel !== undefined && (
        <div className={css.danger}>
          <Remove account={account} channel={channel} onClose={onClose} />
        </div>
      )}
    </div>
  );
}

interface RemoveProps {
  account: number;
  channel: TeamsChannel;
  onClose: () => void;
}

function Remove({ account, channel, onClose }: RemoveProps) {
  const remove = useRemoveTeamsChannel(account);
  return (
    <ConfirmButton
      word="Remove"
      question="Remove this channel?"
      pending={remove.isPending}
      error={remove.error && messageOf(remove.error)}
      onConfirm={(close) =>
        remove.mutate(channel.id, {
          onSuccess: () => {
            close();
            onClose();
          },
        })
      }
    >
      Its address is forgotten, what waits is not sent, and notification rules that name it are
      deleted.
    </ConfirmButton>
  );
}
