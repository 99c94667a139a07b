import { isSecretName, type JobDetail } from './job-types';

/** A job as a file of `dbt-jobs-as-code`, which its `link`, `plan` and `sync` understand. */

type Value = string | number | boolean | null | Value[] | { [key: string]: Value };

const reserved = new Set(['true', 'false', 'yes', 'no', 'on', 'off', 'null', 'y', 'n']);
const plainForm = /^[A-Za-z][A-Za-z0-9_./+-]*( [A-Za-z0-9_./+-]+)*$/;
// Nothing that a reader of YAML takes for a line's end or refuses as not printable.
const unprintable = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

function scalar(value: string | number | boolean | null): string {
  if (typeof value !== 'string') return String(value);
  if (plainForm.test(value) && !reserved.has(value.toLowerCase())) return value;
  return JSON.stringify(value).replace(
    unprintable,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function isScalar(value: Value): value is string | number | boolean | null {
  return typeof value !== 'object' || value === null;
}

function lines(value: Value, indent: string): string[] {
  if (isScalar(value)) return [`${indent}${scalar(value)}`];
  if (Array.isArray(value)) {
    return value.flatMap((item) => {
      const [first = '', ...others] = lines(item, `${indent}  `);
      return [`${indent}- ${first.trimStart()}`, ...others];
    });
  }
  return Object.entries(value).flatMap(([key, item]) => {
    if (isScalar(item)) return [`${indent}${scalar(key)}: ${scalar(item)}`];
    if (Object.keys(item).length === 0)
      return [`${indent}${scalar(key)}: ${Array.isArray(item) ? '[]' : '{}'}`];
    return [`${indent}${scalar(key)}:`, ...lines(item, `${indent}  `)];
  });
}

/** What the tool calls the job: what it wrote into the name itself, or something like the name. */
export function yamlKey(job: Pick<JobDetail, 'id' | 'name'>): string {
  const own = /\[\[(?:[*a-zA-Z0-9_-]*:)?([*a-zA-Z0-9_-]+)\]\]/.exec(job.name)?.[1];
  if (own !== undefined) return own;
  const slug = job.name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
  return /^[a-z]/.test(slug) ? slug : `job_${job.id}`;
}

function definition(job: JobDetail): { [key: string]: Value } {
  const variables = (job.custom_environment_variables ?? []).filter(
    ({ name }) => !isSecretName(name),
  );
  const condition = job.job_completion_trigger_condition?.condition;
  return {
    linked_id: job.id,
    account_id: job.account_id,
    project_id: job.project_id,
    environment_id: job.environment_id,
    dbt_version: job.dbt_version,
    name: job.name.replace(/ \[\[[*:a-zA-Z0-9_-]+\]\]/, ''),
    description: job.description,
    settings: { threads: job.settings.threads, target_name: job.settings.target_name },
    execution: { timeout_seconds: job.execution.timeout_seconds },
    deferring_job_definition_id: job.deferring_job_definition_id,
    deferring_environment_id: job.deferring_environment_id,
    run_generate_sources: job.run_generate_sources,
    run_lint: job.run_lint,
    errors_on_lint_failure: job.errors_on_lint_failure,
    execute_steps: job.execute_steps,
    generate_docs: job.generate_docs,
    schedule: { cron: job.schedule.cron },
    triggers: {
      github_webhook: job.triggers.github_webhook,
      git_provider_webhook: job.triggers.git_provider_webhook,
      schedule: job.triggers.schedule,
      on_merge: job.triggers.on_merge,
    },
    run_compare_changes: job.run_compare_changes,
    compare_changes_flags: job.compare_changes_flags,
    job_type: job.job_type,
    triggers_on_draft_pr: job.triggers_on_draft_pr,
    job_completion_trigger_condition: condition === undefined ? null : { condition },
    custom_environment_variables: variables.map(({ name, display_value }) => ({
      [name]: display_value,
    })),
  };
}

const schemaAddress =
  'https://raw.githubusercontent.com/dbt-labs/dbt-jobs-as-code/main/src/dbt_jobs_as_code/schemas/load_job_schema.json';

export function jobYaml(job: JobDetail): string {
  const secrets = (job.custom_environment_variables ?? []).filter(({ name }) => isSecretName(name));
  return [
    `# yaml-language-server: $schema=${schemaAddress}`,
    ...secrets.map(
      ({ name }) => `# ${name} is secret and left out: give its value here before a sync.`,
    ),
    '',
    ...lines({ jobs: { [yamlKey(job)]: definition(job) } }, ''),
    '',
  ].join('\n');
}
