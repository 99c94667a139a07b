import { SegmentedControl, TagsInput, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { messageOf } from '@/api/errors';
import { ConfirmButton } from '@/ui/confirm-button';
import { FieldGroup, Form, fieldErrors } from '@/ui/form/form';
import { SidePanel } from '@/ui/side-panel';
import { isNetwork } from './cidr';
import {
  admittedQuery,
  type IpRule,
  type IpRuleInput,
  useDeleteIpRule,
  useSaveIpRule,
} from './ip-rules-api';

interface RulePanelProps {
  account: number;
  /** null: a new one. undefined: none is open. */
  rule: IpRule | null | undefined;
  onClose: () => void;
}

export function RulePanel({ account, rule, onClose }: RulePanelProps) {
  return (
    <SidePanel
      title={rule ? <bdi>{rule.name}</bdi> : 'New rule'}
      opened={rule !== undefined}
      onClose={onClose}
    >
      {rule !== undefined && (
        <RuleForm key={rule?.id ?? 'new'} account={account} rule={rule} onClose={onClose} />
      )}
    </SidePanel>
  );
}

interface RuleFormProps {
  account: number;
  rule: IpRule | null;
  onClose: () => void;
}

function checkNetworks(all: readonly string[]): string | null {
  if (all.length === 0) return 'Enter at least one network or address';
  const wrong = all.find((text) => !isNetwork(text));
  return wrong === undefined
    ? null
    : `${wrong} is neither a network such as 10.0.0.0/8 nor an address`;
}

/** Whatever the server says of one of the networks stands at their input. */
function errorsOf(error: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fieldErrors(error)).map(([field, said]) => [
      field.startsWith('cidrs') ? 'cidrs' : field,
      said,
    ]),
  );
}

function RuleForm({ account, rule, onClose }: RuleFormProps) {
  const save = useSaveIpRule(account, rule?.id ?? null);
  const form = useForm<IpRuleInput>({
    initialValues: {
      name: rule?.name ?? '',
      type: rule?.type ?? 1,
      description: rule?.description ?? '',
      cidrs: rule?.cidrs.map(({ cidr }) => cidr) ?? [],
    },
    validate: {
      name: (name) => (name.trim() === '' ? 'Give the rule a name' : null),
      cidrs: checkNetworks,
    },
  });
  const submit = form.onSubmit((values) =>
    save.mutate(values, {
      onSuccess: onClose,
      onError: (error) => form.setErrors(errorsOf(error)),
    }),
  );
  return (
    <Form
      label="IP rule"
      onSubmit={submit}
      error={save.error}
      shown={['name', 'type', 'description', 'cidrs']}
      pending={save.isPending}
      dirty={form.isDirty() && !save.isSuccess}
      submitWord={rule === null ? 'Create rule' : 'Save'}
      onCancel={onClose}
      beside={
        rule === null ? undefined : (
          <DeleteButton account={account} rule={rule} onDeleted={onClose} />
        )
      }
    >
      <TextInput label="Name" required data-autofocus {...form.getInputProps('name')} />
      <FieldGroup
        title="What it does"
        help={
          form.values.type === 1
            ? 'Lets these addresses in. As soon as one rule allows, whatever none allows is kept out.'
            : 'Keeps these addresses out, even if another rule allows them.'
        }
      >
        <SegmentedControl
          aria-label="What it does"
          data={[
            { value: '1', label: 'Allow' },
            { value: '2', label: 'Deny' },
          ]}
          value={String(form.values.type)}
          onChange={(value) => form.setFieldValue('type', value === '2' ? 2 : 1)}
        />
      </FieldGroup>
      <TagsInput
        label="Networks and addresses"
        description="Such as 10.0.0.0/8, 203.0.113.7 or 2001:db8::/32. Enter after each."
        value={form.values.cidrs}
        onChange={(all) => form.setFieldValue('cidrs', all)}
        splitChars={[',', ';', ' ']}
        acceptValueOnBlur
        error={form.errors['cidrs']}
      />
      <Textarea label="Description" autosize minRows={2} {...form.getInputProps('description')} />
    </Form>
  );
}

interface DeleteButtonProps {
  account: number;
  rule: IpRule;
  onDeleted: () => void;
}

function DeleteButton({ account, rule, onDeleted }: DeleteButtonProps) {
  const remove = useDeleteIpRule(account);
  return (
    <ConfirmButton
      word="Delete"
      question={`Delete the rule ${rule.name}?`}
      pending={remove.isPending}
      error={remove.error ? messageOf(remove.error) : null}
      onConfirm={() => remove.mutate(rule.id, { onSuccess: onDeleted })}
    >
      <p style={{ margin: 0 }}>
        {rule.type === 1
          ? 'Addresses that no other rule allows are kept out, if other rules allow any.'
          : 'Its addresses are let in again, unless another rule keeps them out.'}
      </p>
      <WithoutIt account={account} rule={rule} />
    </ConfirmButton>
  );
}

/** Said before, though the server would refuse it while the rules count. */
function WithoutIt({ account, rule }: { account: number; rule: IpRule }) {
  const admitted = useQuery(admittedQuery(account, rule.id)).data;
  if (admitted !== false) return null;
  return (
    <p role="alert" style={{ marginBottom: 0, color: 'var(--mw-amber-text)' }}>
      Without it the rules would keep out the address that you come from
      {rule.rule_set_enabled ? ', so this will be refused.' : ', once they are switched on.'}
    </p>
  );
}
