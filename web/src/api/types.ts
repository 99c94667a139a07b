/**
 * Shapes of the API that the application reads, as far as it reads them. Field names are the wire's own.
 * Times of API v2 are `YYYY-MM-DD HH:MM:SS.ffffff+00:00`; parse them with `parseTimestamp` only.
 */

export interface User {
  id: number;
  email: string;
  first_name: string;
  last_name: string;
}

export interface Account {
  id: number;
  name: string;
}

export interface Session {
  user: User;
  account: Account;
}

/** 1 Queued, 2 Starting, 3 Running, 10 Success, 20 Error, 30 Cancelled; runs and steps alike. */
export type StatusCode = 1 | 2 | 3 | 10 | 20 | 30;

export interface RunStep {
  index: number;
  name: string;
  status: StatusCode;
  status_humanized?: string | null;
  started_at: string | null;
  finished_at: string | null;
  duration?: string | null;
  run_step_command?: string | null;
}

export interface RunTrigger {
  cause: string | null;
  cause_category?: string | null;
  /** Of the pull request that the run is for: one of them, by the kind of its host. */
  github_pull_request_id?: number | null;
  gitlab_merge_request_id?: number | null;
  azure_pull_request_id?: number | null;
  non_native_pull_request_id?: number | null;
}

export interface RunJob {
  id: number;
  name: string;
  schedule?: { cron?: string | null } | null;
}

export interface RunEnvironment {
  id: number;
  name: string;
}

export interface Run {
  id: number;
  account_id: number;
  project_id: number;
  environment_id: number;
  job_definition_id: number;
  status: StatusCode;
  status_message?: string | null;
  git_branch: string | null;
  git_sha: string | null;
  dbt_version?: string | null;
  created_at: string | null;
  updated_at?: string | null;
  dequeued_at: string | null;
  started_at: string | null;
  finished_at: string | null;
  duration?: string | null;
  queued_duration?: string | null;
  run_duration?: string | null;
  can_retry?: boolean | null;
  retry_not_supported_reason?: string | null;
  blocked_by?: number[] | null;
  artifacts_saved?: boolean | null;
  job: RunJob | null;
  environment: RunEnvironment | null;
  trigger: RunTrigger | null;
  run_steps: RunStep[];
}

export interface Job {
  id: number;
  name: string;
  project_id: number;
}

export type NodeStatus =
  | 'started'
  | 'success'
  | 'error'
  | 'skipped'
  | 'pass'
  | 'fail'
  | 'warn'
  | (string & {});

export interface RunNode {
  step: number;
  unique_id: string;
  name: string;
  resource_type: string;
  status: NodeStatus;
  /** 1-based place among the step's nodes, and how many there are. */
  index: number | null;
  total: number | null;
  /** Seconds. */
  execution_time: number | null;
  started_at: string | null;
  finished_at: string | null;
  message: string | null;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface LogLine {
  /** 1-based number within the step's whole log, debug lines included. */
  n: number;
  ts: string;
  level: LogLevel;
  text: string;
}

export interface LogPage {
  lines: LogLine[];
  next_after: number;
  /** The step has ended and this page reaches its last line. */
  complete: boolean;
}

/** The lowest level that is shown. */
export type LogFilter = 'info' | 'debug';
