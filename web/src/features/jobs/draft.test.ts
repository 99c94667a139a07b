import { describe, expect, it } from 'vitest';
import { bodyOf, draftOfCopy, draftOfJob, draftProblems, newDraft } from './draft';
import { aJob } from './test-data';
import { variableChanges } from './variable-changes';

const ofEdit = (job = aJob(), change = {}) =>
  bodyOf({
    draft: { ...draftOfJob(job), ...change },
    source: job,
    id: job.id,
    completionProject: 2,
  });

describe('an edited job', () => {
  it('leaves a schedule and a type that nobody touched as they are', () => {
    const job = aJob({ job_type: 'exposure_sync' });
    expect(ofEdit(job)).not.toHaveProperty('schedule');
    expect(ofEdit(job)['job_type']).toBe('exposure_sync');
    expect(ofEdit(job)['triggers']).toEqual(job.triggers);
  });

  it('lets the server derive the type of one whose triggers change', () => {
    const body = ofEdit(aJob(), { onMerge: true, onPullRequest: true, onDraft: true });
    expect(body).not.toHaveProperty('job_type');
    expect(body['triggers']).toMatchObject({
      on_merge: true,
      github_webhook: true,
      git_provider_webhook: true,
    });
    expect(body['triggers_on_draft_pr']).toBe(true);
  });

  it('sends what is checked of pull requests only where they start it', () => {
    const job = aJob({ run_lint: true });
    expect(ofEdit(job, { lint: false })['run_lint']).toBe(true);
    const body = ofEdit(job, {
      onPullRequest: true,
      lint: false,
      lintFails: false,
      compareChanges: true,
      compareFlags: ' --select state:modified+ ',
    });
    expect(body).toMatchObject({
      run_lint: false,
      errors_on_lint_failure: false,
      run_compare_changes: true,
      compare_changes_flags: '--select state:modified+',
    });
  });

  it('sends a schedule that changed', () => {
    const draft = draftOfJob(aJob());
    expect(ofEdit(aJob(), { schedule: { ...draft.schedule, hours: [7] } })['schedule']).toEqual({
      date: { type: 'every_day' },
      time: { type: 'at_exact_hours', hours: [7] },
    });
  });

  it('keeps both places of deferral where the API set both', () => {
    const both = aJob({ deferring_environment_id: 3, deferring_job_definition_id: 9 });
    expect(ofEdit(both)).not.toHaveProperty('deferring_job_definition_id');
    expect(ofEdit(both, { deferral: 'self' })).toMatchObject({
      deferring_environment_id: null,
      deferring_job_definition_id: 7,
    });
  });

  it('takes an empty limit for none, and an empty version for the environment’s', () => {
    expect(ofEdit(aJob(), { memoryMb: '', timeoutSeconds: '', dbtVersion: ' ' })).toMatchObject({
      dbt_version: null,
      execution: { timeout_seconds: 0, memory_limit_mb: 0, cpu_limit: 0, process_limit: 0 },
    });
  });
});

describe('a duplicate', () => {
  const job = aJob({
    run_lint: true,
    deferring_job_definition_id: 7,
    custom_environment_variables: [
      { id: 1, name: 'DBT_DAYS', display_value: '3' },
      { id: 2, name: 'DBT_ENV_SECRET_KEY', display_value: '**********' },
    ],
  });

  it('has all but what is the other’s own', () => {
    const draft = draftOfCopy(job);
    expect(draft.name).toBe('Copy of Nightly build');
    expect(draft.deferral).toBe('self');
    expect(draft.variables.map(({ id, value }) => [id, value])).toEqual([
      [null, '3'],
      [null, ''],
    ]);
    const body = bodyOf({ draft, source: job, id: null, completionProject: null });
    expect(body).toMatchObject({ run_lint: true, deferring_job_definition_id: null });
    expect(body).toHaveProperty('schedule');
  });
});

describe('what is wrong', () => {
  it('is said by the names of the wire', () => {
    const draft = {
      ...newDraft({}),
      onPullRequest: true,
      compareChanges: true,
      compareFlags: ' ',
      onCompletion: true,
      deferral: 'job' as const,
    };
    expect(Object.keys(draftProblems(draft))).toEqual([
      'project_id',
      'environment_id',
      'name',
      'compare_changes_flags',
      'completion.job',
      'deferring_job_definition_id',
    ]);
  });
});

describe('variables', () => {
  it('need a name of dbt’s, once, and a secret one a value', () => {
    const row = (name: string, value: string | null) => ({ key: name, id: null, name, value });
    const variables = [
      row('', ''),
      row('DBT_A', ''),
      row('DBT_A', 'x'),
      row('DBT_ENV_SECRET_B', ''),
    ];
    expect(draftProblems({ ...draftOfJob(aJob()), variables })).toEqual({
      'variables.0.name': 'Enter a name that begins with DBT_',
      'variables.2.name': 'Is set twice here',
      'variables.3.value': 'Enter a value',
    });
  });

  const stored = [
    { id: 1, name: 'DBT_A', display_value: 'a' },
    { id: 2, name: 'DBT_ENV_SECRET_B', display_value: '**********' },
    { id: 3, name: 'DBT_C', display_value: 'c' },
  ];

  it('are sent only where they differ', () => {
    expect(
      variableChanges(stored, [
        { key: 'x', id: 1, name: 'DBT_A', value: 'other' },
        { key: 'y', id: 2, name: 'DBT_ENV_SECRET_B', value: null },
        { key: 'z', id: null, name: ' DBT_D', value: 'd' },
      ]),
    ).toEqual([
      { kind: 'delete', id: 3 },
      { kind: 'update', place: 0, id: 1, name: 'DBT_A', value: 'other' },
      { kind: 'create', place: 2, name: 'DBT_D', value: 'd' },
    ]);
  });
});
