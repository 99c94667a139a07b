import { NumberInput, SimpleGrid, TextInput } from '@mantine/core';
import { formatDuration } from '@/ui/time';
import type { JobDraft } from '../draft';
import type { PartProps } from './use-job-draft';

type Numeric = 'threads' | 'timeoutSeconds' | 'memoryMb' | 'cpus' | 'processes';

interface NumberFieldProps extends PartProps {
  field: Numeric;
  wire: string;
  label: string;
  help: string;
  decimals?: boolean;
}

function NumberField({ form, field, wire, label, help, decimals = false }: NumberFieldProps) {
  const patch = (value: number | ''): Partial<JobDraft> => ({ [field]: value });
  return (
    <NumberInput
      label={label}
      description={help}
      min={0}
      allowNegative={false}
      allowDecimal={decimals}
      step={decimals ? 0.5 : 1}
      value={form.draft[field]}
      error={form.problems[wire]}
      onChange={(value) => form.set(patch(typeof value === 'number' ? value : ''))}
    />
  );
}

export function ExecutionFields({ form }: PartProps) {
  const { draft, problems, set } = form;
  const timeout =
    draft.timeoutSeconds === '' || draft.timeoutSeconds === 0
      ? '0: never cancelled.'
      : `Cancelled after ${formatDuration(draft.timeoutSeconds * 1000)}.`;
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm" verticalSpacing="sm">
      <NumberField
        form={form}
        field="threads"
        wire="settings.threads"
        label="Threads"
        help="How many models are built at the same time."
      />
      <TextInput
        label="Target name"
        description="What target.name is in the project."
        classNames={{ input: 'mono' }}
        placeholder="default"
        value={draft.targetName}
        error={problems['settings.target_name']}
        onChange={(event) => set({ targetName: event.currentTarget.value })}
      />
      <NumberField
        form={form}
        field="timeoutSeconds"
        wire="execution.timeout_seconds"
        label="Timeout (seconds)"
        help={timeout}
      />
      <NumberField
        form={form}
        field="memoryMb"
        wire="execution.memory_limit_mb"
        label="Memory limit (MiB)"
        help="0: the limit of the account."
      />
      <NumberField
        form={form}
        field="cpus"
        wire="execution.cpu_limit"
        label="Processors"
        help="0: the limit of the account."
        decimals
      />
      <NumberField
        form={form}
        field="processes"
        wire="execution.process_limit"
        label="Processes and threads"
        help="0: the limit of the account."
      />
    </SimpleGrid>
  );
}
