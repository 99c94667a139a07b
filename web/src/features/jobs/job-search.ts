/** What the addresses of the jobs' pages hold. Unknown or broken values read as absent. */

export const triggerKinds = [
  { key: 'schedule', word: 'Scheduled', query: { triggers_schedule: true } },
  { key: 'ci', word: 'Pull request', query: { job_type: 'ci' } },
  { key: 'merge', word: 'Merge', query: { job_type: 'merge' } },
  { key: 'other', word: 'Other', query: { job_type: 'other', triggers_schedule: false } },
] as const;

export type TriggerKind = (typeof triggerKinds)[number]['key'];

export interface JobsSearch {
  name?: string;
  project?: number;
  environment?: number;
  trigger?: TriggerKind;
}

export interface NewJobSearch {
  project?: number;
  environment?: number;
  /** The job that is duplicated. */
  copy?: number;
}

export const jobTabs = ['overview', 'runs', 'history', 'yaml'] as const;

export type JobTab = (typeof jobTabs)[number];

export interface JobSearch {
  /** Absent for the first tab. */
  tab?: Exclude<JobTab, 'overview'>;
}

function textOf(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && text.trim() !== '' ? text : undefined;
}

function idOf(value: unknown): number | undefined {
  const id = Number(value);
  return Number.isSafeInteger(id) && id > 0 ? id : undefined;
}

function compact<T extends object>(search: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as T;
}

export function readJobsSearch(search: Record<string, unknown>): JobsSearch {
  return compact<JobsSearch>({
    name: textOf(search['name']),
    project: idOf(search['project']),
    environment: idOf(search['environment']),
    trigger: triggerKinds.find(({ key }) => key === search['trigger'])?.key,
  });
}

export function readNewJobSearch(search: Record<string, unknown>): NewJobSearch {
  return compact<NewJobSearch>({
    project: idOf(search['project']),
    environment: idOf(search['environment']),
    copy: idOf(search['copy']),
  });
}

export function readJobSearch(search: Record<string, unknown>): JobSearch {
  const tab = jobTabs.find((one) => one === search['tab']);
  return compact<JobSearch>({ tab: tab === 'overview' ? undefined : tab });
}

/** The list's question to the API. */
export function jobsQueryOf(search: JobsSearch): Record<string, string | number | boolean> {
  const kind = triggerKinds.find(({ key }) => key === search.trigger);
  return compact({
    name__icontains: search.name?.trim(),
    project_id: search.project,
    environment_id: search.environment,
    ...kind?.query,
  });
}
