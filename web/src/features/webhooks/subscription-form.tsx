import { Checkbox, MultiSelect, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { Form, fieldErrors } from '@/ui/form/form';
import { jobNamesQuery } from '../account/names-api';
import { eventTypes } from './event-facts';
import css from './webhooks.module.css';
import type { Subscription, SubscriptionInput } from './webhooks-api';

interface SubscriptionFormProps {
  account: number;
  subscription?: Subscription;
  submitWord: string;
  pending: boolean;
  error: unknown;
  saved: boolean;
  onSubmit: (input: SubscriptionInput, onRefused: (error: unknown) => void) => void;
  onCancel: () => void;
}

interface Values {
  name: string;
  description: string;
  client_url: string;
  event_types: string[];
  job_ids: string[];
}

const fields = ['name', 'description', 'client_url', 'event_types', 'job_ids'];

export function SubscriptionForm(props: SubscriptionFormProps) {
  const { account, subscription, pending, error, saved, onSubmit, onCancel } = props;
  const { data: jobs } = useQuery(jobNamesQuery(account));
  const form = useForm<Values>({
    initialValues: {
      name: subscription?.name ?? '',
      description: subscription?.description ?? '',
      client_url: subscription?.client_url ?? '',
      event_types: subscription?.event_types ?? ['job.run.completed'],
      job_ids: subscription?.job_ids ?? [],
    },
    validate: {
      name: (name) => (name.trim() === '' ? 'Enter a name' : null),
      client_url: (url) =>
        /^https?:\/\/\S+$/.test(url.trim()) ? null : 'Enter a URL that begins with https://',
      event_types: (types) => (types.length === 0 ? 'Choose at least one event' : null),
    },
  });
  const submit = form.onSubmit((values) =>
    onSubmit(
      {
        ...values,
        name: values.name.trim(),
        client_url: values.client_url.trim(),
        job_ids: values.job_ids.map(Number),
      },
      (refusal) => form.setErrors(fieldErrors(refusal)),
    ),
  );
  return (
    <Form
      label="Webhook"
      onSubmit={submit}
      error={error}
      shown={fields}
      pending={pending}
      dirty={!saved && form.isDirty()}
      submitWord={props.submitWord}
      onCancel={onCancel}
    >
      <TextInput label="Name" maxLength={255} data-autofocus {...form.getInputProps('name')} />
      <TextInput
        label="URL"
        description="Each message is posted here. No redirect is followed."
        placeholder="https://"
        inputMode="url"
        {...form.getInputProps('client_url')}
      />
      <Checkbox.Group label="Events" {...form.getInputProps('event_types')}>
        <div className={css.events}>
          {eventTypes.map(({ type, word, help }) => (
            <Checkbox key={type} value={type} label={word} description={help} mt={4} />
          ))}
        </div>
      </Checkbox.Group>
      <MultiSelect
        label="Jobs"
        description="None chosen means every job, also those made later."
        placeholder={form.values.job_ids.length === 0 ? 'All jobs' : ''}
        data={(jobs ?? []).map(({ id, name }) => ({ value: String(id), label: name }))}
        searchable
        clearable
        clearButtonProps={{ 'aria-label': 'All jobs' }}
        {...form.getInputProps('job_ids')}
      />
      <Textarea
        label="Description"
        autosize
        minRows={2}
        maxLength={4096}
        {...form.getInputProps('description')}
      />
    </Form>
  );
}
