import { MultiSelect, Select, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { FieldGroup, Form, fieldErrors } from '@/ui/form/form';
import { jobNamesQuery, nameOfPerson, peopleQuery } from '../account/names-api';
import { chatQuery } from '../chat/chat-api';
import { isOn } from '../chat/chat-facts';
import { TeamsChannelSelect } from '../chat/teams-channel-select';
import { sessionQuery } from '../session/session-api';
import type { NotificationRule, RuleInput } from './notifications-api';
import {
  channelsFor,
  inputOf,
  outcomes,
  type RuleValues,
  slackTypes,
  teamsType,
  validateRule,
  valuesOf,
} from './rule-facts';
import { SlackFields } from './slack-fields';

interface RuleFormProps {
  account: number;
  rule?: NotificationRule;
  pending: boolean;
  error: unknown;
  saved: boolean;
  onSubmit: (input: RuleInput, onRefused: (error: unknown) => void) => void;
  onCancel: () => void;
}

export function RuleForm(props: RuleFormProps) {
  const { account, rule, pending, error, saved, onSubmit, onCancel } = props;
  const { data: session } = useQuery(sessionQuery);
  const { data: people } = useQuery(peopleQuery(account));
  const { data: jobs } = useQuery(jobNamesQuery(account));
  const form = useForm<RuleValues>({
    initialValues: valuesOf(rule, session?.user.id ?? 0),
    validate: validateRule,
  });
  const type = Number(form.values.type);
  const { data: chat } = useQuery(chatQuery(account));
  const on = { slack: isOn(chat?.slack), teams: isOn(chat?.teams) };
  // Old rules may be of the older kind of Slack channel.
  const known = channelsFor(on, rule?.type).map((channel) => ({
    value: String(channel.type === 5 && rule?.type === 2 ? 2 : channel.type),
    label: channel.word,
  }));
  const jobData = (jobs ?? []).map(({ id, name }) => ({ value: String(id), label: name }));
  const submit = form.onSubmit((values) =>
    onSubmit(inputOf(values), (refusal) => form.setErrors(fieldErrors(refusal))),
  );
  return (
    <Form
      label="Notification rule"
      onSubmit={submit}
      error={error}
      shown={Object.keys(form.values)}
      pending={pending}
      dirty={!saved && form.isDirty()}
      submitWord={rule === undefined ? 'Create' : 'Save'}
      onCancel={onCancel}
    >
      <Select label="How" allowDeselect={false} data={known} {...form.getInputProps('type')} />
      {type === 4 && (
        <TextInput
          label="E-mail address"
          type="email"
          maxLength={320}
          {...form.getInputProps('external_email')}
        />
      )}
      {slackTypes.includes(type) && <SlackFields account={account} form={form} />}
      {type === teamsType && (
        <TeamsChannelSelect
          account={account}
          value={form.values.teams_channel_id}
          onChange={(id) => form.setFieldValue('teams_channel_id', id)}
          error={form.errors['teams_channel_id']}
        />
      )}
      <Select
        label={type === 1 ? 'User' : 'Belongs to'}
        searchable
        allowDeselect={false}
        data={(people ?? []).map((person) => ({
          value: String(person.id),
          label: nameOfPerson(person),
        }))}
        {...form.getInputProps('user_id')}
      />
      <FieldGroup title="Jobs" help="Each may tell of some of its runs only.">
        {outcomes.map(({ key, label }) => (
          <MultiSelect
            key={key}
            label={label}
            placeholder={form.values[key].length === 0 ? 'No jobs' : ''}
            data={jobData}
            searchable
            clearable
            clearButtonProps={{ 'aria-label': 'No jobs' }}
            {...form.getInputProps(key)}
          />
        ))}
      </FieldGroup>
    </Form>
  );
}
