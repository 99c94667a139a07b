import { Checkbox, Group, Select, Switch } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { outcomes } from '../job-words';
import { jobChoicesQuery, projectChoicesQuery } from '../jobs-api';
import css from './form.module.css';
import { ScheduleFields } from './schedule-fields';
import type { PartProps } from './use-job-draft';

interface TriggerFieldsProps extends PartProps {
  account: number;
  /** The job itself, which cannot wait for its own end. */
  own: number | null;
}

export function TriggerFields({ form, account, own }: TriggerFieldsProps) {
  const { draft, set } = form;
  return (
    <>
      <Switch
        label="Schedule"
        description="Runs by itself at the times below."
        checked={draft.onSchedule}
        onChange={(event) => set({ onSchedule: event.currentTarget.checked })}
      />
      {draft.onSchedule && <ScheduleFields form={form} />}
      <Switch
        label="Pull request"
        description="For every commit of a pull request into the environment's branch. Kept with the job; nothing starts it here before a git provider can be connected."
        checked={draft.onPullRequest}
        onChange={(event) => set({ onPullRequest: event.currentTarget.checked })}
      />
      {draft.onPullRequest && (
        <div className={css.inner}>
          <Checkbox
            label="Also for draft pull requests"
            checked={draft.onDraft}
            onChange={(event) => set({ onDraft: event.currentTarget.checked })}
          />
        </div>
      )}
      <Switch
        label="Merge"
        description="When a pull request is merged into the environment's branch. Kept with the job, as pull requests are."
        checked={draft.onMerge}
        onChange={(event) => set({ onMerge: event.currentTarget.checked })}
      />
      <Switch
        label="Job completion"
        description="Runs when another job has ended."
        checked={draft.onCompletion}
        onChange={(event) => set({ onCompletion: event.currentTarget.checked })}
      />
      {draft.onCompletion && <CompletionFields form={form} account={account} own={own} />}
    </>
  );
}

function CompletionFields({ form, account, own }: TriggerFieldsProps) {
  const { draft, problems, set } = form;
  const jobs = useQuery(jobChoicesQuery(account));
  const projects = useQuery(projectChoicesQuery(account));
  const groups = (projects.data ?? []).map((project) => ({
    group: project.name,
    items: (jobs.data ?? [])
      .filter((job) => job.project_id === project.id && job.id !== own)
      .map((job) => ({ value: String(job.id), label: `${job.name} (#${job.id})` })),
  }));
  return (
    <div className={css.inner}>
      <Select
        label="After job"
        searchable
        nothingFoundMessage="No such job"
        data={groups.filter(({ items }) => items.length > 0)}
        value={draft.completionJob === null ? null : String(draft.completionJob)}
        error={problems['completion.job']}
        onChange={(job) => set({ completionJob: job === null ? null : Number(job) })}
      />
      <Checkbox.Group
        label="When it ends with"
        value={draft.completionStatuses.map(String)}
        error={problems['completion.statuses']}
        onChange={(statuses) => set({ completionStatuses: statuses.map(Number) })}
      >
        <Group gap="md" mt={4}>
          {outcomes.map(({ status, word }) => (
            <Checkbox key={status} value={String(status)} label={word} />
          ))}
        </Group>
      </Checkbox.Group>
    </div>
  );
}
