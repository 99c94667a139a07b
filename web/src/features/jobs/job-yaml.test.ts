import { describe, expect, it } from 'vitest';
import { jobYaml, yamlKey } from './job-yaml';
import { aJob } from './test-data';

describe('the file', () => {
  it('has what dbt-jobs-as-code reads', () => {
    const text = jobYaml(
      aJob({
        name: 'Nightly: “all” [[nightly]]',
        execute_steps: ['dbt build', `dbt run --vars '{"a": 1}'`, 'dbt ls -s x # y'],
        job_completion_trigger_condition: {
          condition: { job_id: 9, project_id: 2, statuses: [10, 20] },
        },
        custom_environment_variables: [
          { id: 1, name: 'DBT_DAYS', display_value: '3' },
          { id: 2, name: 'DBT_ENV_SECRET_KEY', display_value: '**********' },
        ],
      }),
    );
    expect(text.split('\n').slice(1)).toEqual([
      '# DBT_ENV_SECRET_KEY is secret and left out: give its value here before a sync.',
      '',
      'jobs:',
      '  nightly:',
      '    linked_id: 7',
      '    account_id: 1',
      '    project_id: 2',
      '    environment_id: 3',
      '    dbt_version: null',
      '    name: "Nightly: “all”"',
      '    description: ""',
      '    settings:',
      '      threads: 4',
      '      target_name: default',
      '    execution:',
      '      timeout_seconds: 0',
      '    deferring_job_definition_id: null',
      '    deferring_environment_id: null',
      '    run_generate_sources: false',
      '    run_lint: false',
      '    errors_on_lint_failure: true',
      '    execute_steps:',
      '      - dbt build',
      `      - "dbt run --vars '{\\"a\\": 1}'"`,
      '      - "dbt ls -s x # y"',
      '    generate_docs: true',
      '    schedule:',
      '      cron: "0 6 * * *"',
      '    triggers:',
      '      github_webhook: false',
      '      git_provider_webhook: false',
      '      schedule: true',
      '      on_merge: false',
      '    run_compare_changes: false',
      '    compare_changes_flags: "--select state:modified"',
      '    job_type: scheduled',
      '    triggers_on_draft_pr: false',
      '    job_completion_trigger_condition:',
      '      condition:',
      '        job_id: 9',
      '        project_id: 2',
      '        statuses:',
      '          - 10',
      '          - 20',
      '    custom_environment_variables:',
      '      - DBT_DAYS: "3"',
      '',
    ]);
  });

  it.each(['yes', 'Null', '1.5', '- x', 'a: b', 'a #b', ' a', '*', 'a\u2028b\u0085', '@x', '{a}'])(
    'quotes %j',
    (name) => {
      expect(jobYaml(aJob({ name }))).toMatch(/\n {4}name: "[^\u0085\u2028]*"\n/);
    },
  );

  it('says that a list is empty', () => {
    expect(jobYaml(aJob())).toContain('    custom_environment_variables: []\n');
  });
});

describe('the key', () => {
  it.each([
    ['Nightly build', 'nightly_build'],
    ['Übung, täglich!', 'ubung_taglich'],
    ['مشروع', 'job_7'],
    ['7 days', 'job_7'],
    ['A [[prod:mine-1]]', 'mine-1'],
  ])('of %s is %s', (name, key) => {
    expect(yamlKey({ id: 7, name })).toBe(key);
  });
});
