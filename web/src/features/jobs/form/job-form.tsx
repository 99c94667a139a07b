import { Autocomplete, Checkbox, Select, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useEffect, useState } from 'react';
import { ApiError } from '@/api/errors';
import { FieldGroup, Form, fieldErrors } from '@/ui/form/form';
import type { JobDraft } from '../draft';
import type { EnvironmentChoice, JobDetail, ProjectChoice } from '../job-types';
import { jobChoicesQuery } from '../jobs-api';
import { useSaveJob } from '../save-job';
import { DeferralFields } from './deferral-fields';
import { ExecutionFields } from './execution-fields';
import css from './form.module.css';
import { StepsEditor } from './steps-editor';
import { TriggerFields } from './trigger-fields';
import { isShown, type PartProps, useJobDraft } from './use-job-draft';
import { VariableFields } from './variable-fields';

interface JobFormProps {
  account: number;
  initial: JobDraft;
  /** What is edited or duplicated. */
  source: JobDetail | null;
  isCopy: boolean;
  projects: readonly ProjectChoice[];
  environments: readonly EnvironmentChoice[];
  onCancel: () => void;
}

const idText = (id: number | null) => (id === null ? null : String(id));
const idOf = (text: string | null) => (text === null ? null : Number(text));

export function JobForm(props: JobFormProps) {
  const { account, initial, source, isCopy, environments, onCancel } = props;
  const form = useJobDraft(initial);
  const { draft } = form;
  const own = source !== null && !isCopy ? source.id : null;
  const save = useSaveJob(account, source, isCopy);
  const jobs = useQuery({ ...jobChoicesQuery(account), enabled: draft.onCompletion });
  const [saved, setSaved] = useState<JobDetail | null>(null);
  const navigate = useNavigate();
  useEffect(() => {
    if (saved === null) return;
    const params = { account, project: saved.project_id, job: saved.id };
    void navigate({ to: '/deploy/$account/projects/$project/jobs/$job', params });
  }, [saved, account, navigate]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!form.check()) return save.reset();
    const after = jobs.data?.find(({ id }) => id === draft.completionJob);
    const kept = source?.job_completion_trigger_condition?.condition.project_id;
    save.mutate(
      { draft, completionProject: after?.project_id ?? kept ?? null },
      { onSuccess: setSaved, onError: (error) => form.setProblems(fieldErrors(error)) },
    );
  };
  const refused = save.error instanceof ApiError ? Object.keys(save.error.fields) : [];
  const environment = environments.find(({ id }) => id === draft.environmentId);
  return (
    <Form
      label="Job"
      onSubmit={submit}
      error={save.error ?? (Object.keys(form.problems).length > 0 ? lacking : null)}
      shown={refused.filter(isShown)}
      pending={save.isPending}
      dirty={form.dirty && saved === null}
      submitWord={own === null ? 'Create job' : 'Save'}
      onCancel={onCancel}
    >
      <PlaceFields {...props} form={form} own={own} />
      <FieldGroup
        title="Steps"
        help="dbt commands, one after the other. The first that fails ends the run. Packages are installed before."
      >
        <StepsEditor
          steps={draft.steps}
          problemAt={(place) => form.problems[`execute_steps[${place}]`]}
          onChange={(steps, place) =>
            form.set({ steps }, place === undefined ? undefined : `execute_steps[${place}]`)
          }
        />
        {form.problems['execute_steps'] && (
          <p className={css.problem}>{form.problems['execute_steps']}</p>
        )}
        <Checkbox
          label="Generate documentation"
          description="After the steps. Its failure does not fail the run."
          checked={draft.generateDocs}
          onChange={(event) => form.set({ generateDocs: event.currentTarget.checked })}
        />
        <Checkbox
          label="Check source freshness"
          description="Before the steps. Its failure does not fail the run."
          checked={draft.freshness}
          onChange={(event) => form.set({ freshness: event.currentTarget.checked })}
        />
      </FieldGroup>
      <FieldGroup title="Triggers" help="It can always be run by hand and by the API as well.">
        <TriggerFields form={form} account={account} environments={environments} own={own} />
      </FieldGroup>
      <FieldGroup
        title="Deferral"
        help="Where models are read from that a run does not build, and what state:modified compares with."
      >
        <DeferralFields form={form} account={account} environments={environments} own={own} />
      </FieldGroup>
      <FieldGroup title="Execution">
        <ExecutionFields form={form} />
      </FieldGroup>
      <FieldGroup
        title="Environment variables"
        help={
          isCopy
            ? 'Values for this job only. Secret values were not copied: enter them again.'
            : 'Values for this job only, before those of the environment and the project.'
        }
      >
        <VariableFields form={form} account={account} environment={environment?.name} />
      </FieldGroup>
    </Form>
  );
}

/** For the summary: that something is missing, before anything was asked of the server. */
const lacking = new ApiError({
  kind: 'invalid',
  httpStatus: 0,
  userMessage: 'Some fields below need another look.',
});

interface PlaceFieldsProps extends PartProps {
  projects: readonly ProjectChoice[];
  environments: readonly EnvironmentChoice[];
  own: number | null;
}

function PlaceFields({ form, projects, environments, own }: PlaceFieldsProps) {
  const { draft, problems, set } = form;
  const here = environments.filter(
    (one) => one.project_id === draft.projectId && one.type === 'deployment',
  );
  const environment = here.find(({ id }) => id === draft.environmentId);
  const versions = [...new Set(environments.flatMap((one) => one.dbt_version ?? []))];
  const chooseProject = (project: number | null) => {
    const deployments = environments.filter(
      (one) => one.project_id === project && one.type === 'deployment',
    );
    const only = deployments.length === 1 ? (deployments[0]?.id ?? null) : null;
    set({
      projectId: project,
      environmentId: only,
      deferringEnvironment: null,
      deferringJob: null,
    });
  };
  return (
    <FieldGroup title="Job">
      <Select
        label="Project"
        description={own === null ? undefined : 'A job stays in its project.'}
        searchable
        required
        readOnly={own !== null}
        data={projects.map(({ id, name }) => ({ value: String(id), label: name }))}
        value={idText(draft.projectId)}
        error={problems['project_id']}
        onChange={(id) => chooseProject(idOf(id))}
      />
      <Select
        label="Environment"
        description="Says which branch, warehouse and schema its runs use."
        searchable
        required
        disabled={draft.projectId === null}
        nothingFoundMessage="This project has no deployment environment"
        data={here.map(({ id, name }) => ({ value: String(id), label: name }))}
        value={idText(draft.environmentId)}
        error={problems['environment_id']}
        onChange={(id) => set({ environmentId: idOf(id) })}
      />
      <TextInput
        label="Name"
        required
        maxLength={255}
        value={draft.name}
        error={problems['name']}
        onChange={(event) => set({ name: event.currentTarget.value })}
      />
      <Textarea
        label="Description"
        autosize
        minRows={2}
        maxRows={8}
        value={draft.description}
        error={problems['description']}
        onChange={(event) => set({ description: event.currentTarget.value })}
      />
      <Autocomplete
        label="dbt version"
        description={`Empty: the environment’s${environment?.dbt_version ? `, ${environment.dbt_version}` : ''}.`}
        classNames={{ input: 'mono' }}
        data={versions}
        value={draft.dbtVersion}
        error={problems['dbt_version']}
        onChange={(dbtVersion) => set({ dbtVersion })}
      />
    </FieldGroup>
  );
}
