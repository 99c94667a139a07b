import type { JobDetail } from './job-types';

/** A job for tests; what a test is about is given. */
export function aJob(facts: Partial<JobDetail> = {}): JobDetail {
  return {
    id: 7,
    account_id: 1,
    project_id: 2,
    environment_id: 3,
    name: 'Nightly build',
    description: '',
    job_type: 'scheduled',
    dbt_version: null,
    execute_steps: ['dbt build'],
    generate_docs: true,
    run_generate_sources: false,
    run_lint: false,
    errors_on_lint_failure: true,
    run_compare_changes: false,
    compare_changes_flags: '--select state:modified',
    cost_optimization_features: [],
    force_node_selection: null,
    settings: { threads: 4, target_name: 'default' },
    execution: { timeout_seconds: 0 },
    triggers: {
      schedule: true,
      github_webhook: false,
      git_provider_webhook: false,
      on_merge: false,
      custom_branch_only: false,
    },
    triggers_on_draft_pr: false,
    schedule: {
      cron: '0 6 * * *',
      date: { type: 'every_day' },
      time: { type: 'at_exact_hours', hours: [6] },
    },
    job_completion_trigger_condition: null,
    deferring_environment_id: null,
    deferring_job_definition_id: null,
    created_at: '2026-11-26T14:46:21.065823+00:00',
    updated_at: '2026-11-26T14:46:21.065823+00:00',
    next_run: '2026-11-27T06:00:00+00:00',
    ...facts,
  };
}
