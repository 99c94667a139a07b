import type { Run } from '@/api/types';

/** A job as the API shows it, as far as these pages read it. */

export interface JobSchedule {
  cron: string;
  date: { type: string; days?: number[]; cron?: string };
  time: { type: string; interval?: number; hours?: number[] };
}

export interface JobTriggers {
  schedule: boolean;
  github_webhook: boolean;
  git_provider_webhook: boolean;
  on_merge: boolean;
  custom_branch_only?: boolean;
}

export interface JobVariable {
  id: number;
  name: string;
  /** Stars for a secret one. */
  display_value: string;
}

export interface CompletionCondition {
  condition: { job_id: number; project_id: number; statuses: number[] };
}

export interface JobDetail {
  id: number;
  account_id: number;
  project_id: number;
  environment_id: number;
  name: string;
  description: string;
  job_type: string;
  dbt_version: string | null;
  execute_steps: string[];
  generate_docs: boolean;
  run_generate_sources: boolean;
  run_lint: boolean;
  errors_on_lint_failure: boolean;
  run_compare_changes: boolean;
  compare_changes_flags: string;
  cost_optimization_features: string[];
  force_node_selection: boolean | null;
  settings: { threads: number; target_name: string };
  execution: {
    timeout_seconds: number;
    memory_limit_mb?: number;
    cpu_limit?: number;
    process_limit?: number;
  };
  triggers: JobTriggers;
  triggers_on_draft_pr: boolean;
  schedule: JobSchedule;
  job_completion_trigger_condition: CompletionCondition | null;
  deferring_environment_id: number | null;
  deferring_job_definition_id: number | null;
  created_at: string;
  updated_at: string;
  next_run: string | null;
  project?: { id: number; name: string } | null;
  environment?: { id: number; name: string; dbt_version: string | null } | null;
  most_recent_run?: Run | null;
  custom_environment_variables?: JobVariable[] | null;
}

export interface ProjectChoice {
  id: number;
  name: string;
}

export interface EnvironmentChoice {
  id: number;
  project_id: number;
  name: string;
  /** Jobs run in deployments only. */
  type: string;
  deployment_type: string | null;
  dbt_version: string | null;
  use_custom_branch: boolean;
  custom_branch: string | null;
}

export interface JobChoice {
  id: number;
  project_id: number;
  name: string;
}

/** Variables that begin so are sealed: nobody reads their values again. */
export function isSecretName(name: string): boolean {
  return name.startsWith('DBT_ENV_SECRET');
}
