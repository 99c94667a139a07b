import { Checkbox, Group, Select, Switch } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { EnvironmentChoice } from '../job-types';
import { outcomes } from '../job-words';
import { jobChoicesQuery, projectChoicesQuery } from '../jobs-api';
import css from './form.module.css';
import { HostNote, useHostLack } from './host-note';
import { PullRequestFields } from './pull-request-fields';
import { ScheduleFields } from './schedule-fields';
import { branchWords } from './trigger-words';
import type { PartProps } from './use-job-draft';

interface TriggerFieldsProps extends PartProps {
  account: number;
  environments: readonly EnvironmentChoice[];
  /** The job itself, which cannot wait for its own end. */
  own: number | null;
}

export function TriggerFields(props: TriggerFieldsProps) {
  const { form, account, environments, own } = props;
  const { draft, set } = form;
  const lack = useHostLack(account, draft.projectId);
  const branch = branchWords(environments.find(({ id }) => id === draft.environmentId));
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
        label="Run on pull requests"
        description={`For every commit of a pull request into ${branch}.`}
        checked={draft.onPullRequest}
        onChange={(event) => set({ onPullRequest: event.currentTarget.checked })}
      />
      {draft.onPullRequest && <PullRequestFields {...props} lack={lack} />}
      <Switch
        label={`Run when a pull request is merged into ${branch}`}
        description="And when a commit is pushed to it. What was pushed is what is built."
        checked={draft.onMerge}
        onChange={(event) => set({ onMerge: event.currentTarget.checked })}
      />
      {draft.onMerge && !draft.onPullRequest && <HostNote account={account} found={lack} />}
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

function CompletionFields({ form, account, own }: Omit<TriggerFieldsProps, 'environments'>) {
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
