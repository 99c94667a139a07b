import { isSecretName, type JobDetail, type JobVariable } from './job-types';
import { runsOnPullRequests } from './job-words';
import {
  draftOfSchedule,
  newSchedule,
  type ScheduleDraft,
  scheduleBody,
  scheduleProblems,
} from './schedule';
import { type Body, checksBody, triggersBody } from './trigger-body';

/** A job as the form holds it. */

export interface StepDraft {
  key: string;
  command: string;
}

export interface VariableDraft {
  key: string;
  /** Of the stored value; null for one that is new here. */
  id: number | null;
  name: string;
  /** null: the stored secret stays. */
  value: string | null;
}

export type Deferral = 'none' | 'environment' | 'job' | 'self';

export interface JobDraft {
  projectId: number | null;
  environmentId: number | null;
  name: string;
  description: string;
  dbtVersion: string;
  steps: StepDraft[];
  generateDocs: boolean;
  freshness: boolean;
  threads: number | '';
  targetName: string;
  timeoutSeconds: number | '';
  memoryMb: number | '';
  cpus: number | '';
  processes: number | '';
  onSchedule: boolean;
  schedule: ScheduleDraft;
  onPullRequest: boolean;
  onDraft: boolean;
  compareChanges: boolean;
  compareFlags: string;
  lint: boolean;
  lintFails: boolean;
  onMerge: boolean;
  onCompletion: boolean;
  completionJob: number | null;
  completionStatuses: number[];
  deferral: Deferral;
  deferringEnvironment: number | null;
  deferringJob: number | null;
  variables: VariableDraft[];
}

let made = 0;

/** Of a row that can be moved and removed. */
export function rowKey(): string {
  made += 1;
  return `row-${made}`;
}

export function newDraft(place: {
  project?: number | undefined;
  environment?: number | undefined;
}): JobDraft {
  return {
    projectId: place.project ?? null,
    environmentId: place.environment ?? null,
    name: '',
    description: '',
    dbtVersion: '',
    steps: [{ key: rowKey(), command: 'dbt build' }],
    generateDocs: false,
    freshness: false,
    threads: 4,
    targetName: 'default',
    timeoutSeconds: 0,
    memoryMb: 0,
    cpus: 0,
    processes: 0,
    onSchedule: false,
    schedule: newSchedule,
    onPullRequest: false,
    onDraft: false,
    compareChanges: false,
    compareFlags: '--select state:modified',
    lint: false,
    lintFails: true,
    onMerge: false,
    onCompletion: false,
    completionJob: null,
    completionStatuses: [10],
    deferral: 'none',
    deferringEnvironment: null,
    deferringJob: null,
    variables: [],
  };
}

export function deferralOf(job: JobDetail): Deferral {
  // The environment counts where both are set.
  if (job.deferring_environment_id !== null) return 'environment';
  if (job.deferring_job_definition_id === job.id) return 'self';
  return job.deferring_job_definition_id === null ? 'none' : 'job';
}

function variableDraft({ id, name, display_value }: JobVariable): VariableDraft {
  return { key: rowKey(), id, name, value: isSecretName(name) ? null : display_value };
}

export function draftOfJob(job: JobDetail): JobDraft {
  const deferral = deferralOf(job);
  const condition = job.job_completion_trigger_condition?.condition;
  return {
    projectId: job.project_id,
    environmentId: job.environment_id,
    name: job.name,
    description: job.description,
    dbtVersion: job.dbt_version ?? '',
    steps: job.execute_steps.map((command) => ({ key: rowKey(), command })),
    generateDocs: job.generate_docs,
    freshness: job.run_generate_sources,
    threads: job.settings.threads,
    targetName: job.settings.target_name,
    timeoutSeconds: job.execution.timeout_seconds,
    memoryMb: job.execution.memory_limit_mb ?? 0,
    cpus: job.execution.cpu_limit ?? 0,
    processes: job.execution.process_limit ?? 0,
    onSchedule: job.triggers.schedule,
    schedule: job.triggers.schedule ? draftOfSchedule(job.schedule) : newSchedule,
    onPullRequest: runsOnPullRequests(job),
    onDraft: job.triggers_on_draft_pr,
    compareChanges: job.run_compare_changes,
    compareFlags: job.compare_changes_flags,
    lint: job.run_lint,
    lintFails: job.errors_on_lint_failure,
    onMerge: job.triggers.on_merge,
    onCompletion: condition !== undefined,
    completionJob: condition?.job_id ?? null,
    completionStatuses: condition?.statuses ?? [10],
    deferral,
    deferringEnvironment: job.deferring_environment_id,
    deferringJob: deferral === 'job' ? job.deferring_job_definition_id : null,
    variables: (job.custom_environment_variables ?? []).map(variableDraft),
  };
}

/** A duplicate: another name, and what of its variables can be read. */
export function draftOfCopy(job: JobDetail): JobDraft {
  const draft = draftOfJob(job);
  return {
    ...draft,
    name: `Copy of ${draft.name}`.slice(0, 255),
    variables: draft.variables.map((variable) => ({
      ...variable,
      id: null,
      value: variable.value ?? '',
    })),
  };
}

/** What the server cannot know or says less well; the rest is its to say. By the wire's names. */
export function draftProblems(draft: JobDraft): Record<string, string> {
  const problems: Record<string, string> = {};
  if (draft.projectId === null) problems['project_id'] = 'Choose a project';
  if (draft.environmentId === null) problems['environment_id'] = 'Choose an environment';
  if (draft.name.trim() === '') problems['name'] = 'Give the job a name';
  if (draft.steps.length === 0) problems['execute_steps'] = 'Add at least one step';
  if (draft.threads === '') problems['settings.threads'] = 'Must be from 1 to 256';
  if (draft.onSchedule) Object.assign(problems, scheduleProblems(draft.schedule));
  if (draft.onPullRequest && draft.compareChanges && draft.compareFlags.trim() === '')
    problems['compare_changes_flags'] = 'Say which, such as --select state:modified';
  if (draft.onCompletion && draft.completionJob === null)
    problems['completion.job'] = 'Choose a job';
  if (draft.onCompletion && draft.completionStatuses.length === 0)
    problems['completion.statuses'] = 'Choose at least one outcome';
  if (draft.deferral === 'environment' && draft.deferringEnvironment === null)
    problems['deferring_environment_id'] = 'Choose an environment';
  if (draft.deferral === 'job' && draft.deferringJob === null)
    problems['deferring_job_definition_id'] = 'Choose a job';
  const names = draft.variables.map(({ name }) => name.trim());
  for (const [place, name] of names.entries()) {
    const at = `variables.${place}`;
    if (!name.startsWith('DBT_')) problems[`${at}.name`] = 'Enter a name that begins with DBT_';
    else if (names.indexOf(name) !== place) problems[`${at}.name`] = 'Is set twice here';
    if (isSecretName(name) && draft.variables[place]?.value === '')
      problems[`${at}.value`] = 'Enter a value';
  }
  return problems;
}

function deferralBody(draft: JobDraft, source: JobDetail | null, id: number | null): Body {
  // A job that names both an environment and a job keeps both until the choice changes.
  if (
    source !== null &&
    source.id === id &&
    deferralOf(source) === draft.deferral &&
    source.deferring_environment_id === draft.deferringEnvironment &&
    draft.deferral === 'environment'
  )
    return {};
  return {
    deferring_environment_id: draft.deferral === 'environment' ? draft.deferringEnvironment : null,
    deferring_job_definition_id:
      draft.deferral === 'job' ? draft.deferringJob : draft.deferral === 'self' ? id : null,
  };
}

/** What has no place in the form, of a job that is duplicated. */
function rest(source: JobDetail): Body {
  return {
    cost_optimization_features: source.cost_optimization_features,
    force_node_selection: source.force_node_selection,
  };
}

interface BodyFacts {
  draft: JobDraft;
  /** What is edited or duplicated. */
  source: JobDetail | null;
  /** null for a job that is yet to be made; then it cannot name itself for deferral. */
  id: number | null;
  /** Where the job that starts it by its completion is. */
  completionProject: number | null;
}

/** What is posted of a draft. */
export function bodyOf({ draft, source, id, completionProject }: BodyFacts): Body {
  const isCopy = source !== null && source.id !== id;
  const orNone = (value: number | '') => (value === '' ? 0 : value);
  const keepsSchedule =
    source !== null &&
    !isCopy &&
    source.triggers.schedule &&
    JSON.stringify(draftOfSchedule(source.schedule)) === JSON.stringify(draft.schedule);
  const condition = {
    job_id: draft.completionJob,
    project_id: completionProject,
    statuses: [...draft.completionStatuses].sort((a, b) => a - b),
  };
  return {
    project_id: draft.projectId,
    environment_id: draft.environmentId,
    name: draft.name.trim(),
    description: draft.description,
    dbt_version: draft.dbtVersion.trim() === '' ? null : draft.dbtVersion.trim(),
    execute_steps: draft.steps.map(({ command }) => command),
    generate_docs: draft.generateDocs,
    run_generate_sources: draft.freshness,
    settings: {
      threads: draft.threads,
      target_name: draft.targetName.trim() === '' ? 'default' : draft.targetName.trim(),
    },
    execution: {
      timeout_seconds: orNone(draft.timeoutSeconds),
      memory_limit_mb: orNone(draft.memoryMb),
      cpu_limit: orNone(draft.cpus),
      process_limit: orNone(draft.processes),
    },
    ...triggersBody(draft, source),
    ...checksBody(draft, source),
    ...(draft.onSchedule && !keepsSchedule ? { schedule: scheduleBody(draft.schedule) } : {}),
    job_completion_trigger_condition: draft.onCompletion ? { condition } : null,
    ...deferralBody(draft, source, id),
    ...(isCopy ? rest(source) : {}),
  };
}
