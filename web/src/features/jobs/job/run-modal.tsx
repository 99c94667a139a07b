import { Button, Group, Modal, NumberInput, SimpleGrid, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { ApiError } from '@/api/errors';
import type { Run } from '@/api/types';
import { ErrorSummary } from '@/ui/form/form';
import { stepProblem } from '../command';
import type { JobDetail } from '../job-types';
import { useStartJob } from '../jobs-api';
import css from './job-page.module.css';
import { overridesOf, type RunDraft, stepLines } from './run-overrides';

interface RunModalProps {
  account: number;
  job: JobDetail;
  opened: boolean;
  onClose: () => void;
  onStarted: (run: Run) => void;
}

/** One run that does some things otherwise than its job says. */
export function RunModal({ account, job, opened, onClose, onStarted }: RunModalProps) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Run with overrides"
      size={560}
      // Its header is not a landmark of the page.
      attributes={{ header: { role: 'presentation' } }}
      transitionProps={{ duration: 120 }}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <RunForm account={account} job={job} onClose={onClose} onStarted={onStarted} />
    </Modal>
  );
}

const empty: RunDraft = {
  cause: '',
  steps: '',
  branch: '',
  sha: '',
  schema: '',
  target: '',
  threads: '',
  version: '',
};

/** The first thing that is wrong with a step, by its place. */
function firstProblem(steps: string): string | null {
  for (const [place, step] of stepLines(steps).entries()) {
    const problem = stepProblem(step);
    if (problem !== null) return `Step ${place + 1}: ${problem}`;
  }
  return null;
}

function serverProblem(fields: Record<string, string>): string | undefined {
  const found = Object.entries(fields).find(([field]) => field.startsWith('steps_override'));
  const place = /\[(\d+)\]/.exec(found?.[0] ?? '')?.[1];
  return place === undefined ? found?.[1] : `Step ${Number(place) + 1}: ${found?.[1]}`;
}

const shown = [
  'cause',
  'git_branch',
  'git_sha',
  'schema_override',
  'target_name_override',
  'threads_override',
  'dbt_version_override',
];

type RunFormProps = Omit<RunModalProps, 'opened'>;

function RunForm({ account, job, onClose, onStarted }: RunFormProps) {
  const [draft, setDraft] = useState(empty);
  const start = useStartJob(account);
  const fields = start.error instanceof ApiError ? start.error.fields : {};
  const text = (key: keyof RunDraft, wire: string) => ({
    value: draft[key],
    error: fields[wire],
    onChange: (event: { currentTarget: { value: string } }) =>
      setDraft({ ...draft, [key]: event.currentTarget.value }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    start.mutate({ job: job.id, overrides: overridesOf(draft) }, { onSuccess: onStarted });
  };
  const atFields = [...shown, ...Object.keys(fields).filter((one) => one.startsWith('steps_'))];
  return (
    <form onSubmit={submit} className={css.fields} noValidate aria-label="Run with overrides">
      <ErrorSummary error={start.error} shown={atFields} />
      <p className={css.dim}>For this run only. What is left empty is as the job says.</p>
      <Textarea
        data-autofocus
        label="Steps instead of the job’s own"
        description="One command per line."
        classNames={{ input: 'mono' }}
        autosize
        minRows={2}
        maxRows={10}
        spellCheck={false}
        placeholder={job.execute_steps.join('\n')}
        value={draft.steps}
        error={serverProblem(fields) ?? firstProblem(draft.steps)}
        onChange={(event) => setDraft({ ...draft, steps: event.currentTarget.value })}
      />
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm" verticalSpacing="sm">
        <TextInput label="Branch" spellCheck={false} {...text('branch', 'git_branch')} />
        <TextInput
          label="Commit"
          classNames={{ input: 'mono' }}
          spellCheck={false}
          {...text('sha', 'git_sha')}
        />
        <TextInput label="Schema" spellCheck={false} {...text('schema', 'schema_override')} />
        <TextInput
          label="Target name"
          placeholder={job.settings.target_name}
          {...text('target', 'target_name_override')}
        />
        <NumberInput
          label="Threads"
          min={1}
          max={256}
          allowDecimal={false}
          placeholder={String(job.settings.threads)}
          value={draft.threads}
          error={fields['threads_override']}
          onChange={(value) => setDraft({ ...draft, threads: String(value) })}
        />
        <TextInput
          label="dbt version"
          placeholder={job.dbt_version ?? job.environment?.dbt_version ?? ''}
          {...text('version', 'dbt_version_override')}
        />
      </SimpleGrid>
      <TextInput
        label="Reason"
        description="Shown with the run."
        placeholder="Started in the web application"
        {...text('cause', 'cause')}
      />
      <Group justify="flex-end" gap="xs" mt="xs">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" loading={start.isPending}>
          Run
        </Button>
      </Group>
    </form>
  );
}
