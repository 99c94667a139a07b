import type { JobDraft } from './draft';
import type { JobDetail } from './job-types';
import { runsOnPullRequests } from './job-words';

export type Body = Record<string, unknown>;

/** What starts a job, as it is posted. */
export function triggersBody(draft: JobDraft, source: JobDetail | null): Body {
  const pullRequest =
    source !== null && runsOnPullRequests(source) === draft.onPullRequest
      ? {
          github_webhook: source.triggers.github_webhook,
          git_provider_webhook: source.triggers.git_provider_webhook,
        }
      : { github_webhook: draft.onPullRequest, git_provider_webhook: draft.onPullRequest };
  const triggers = {
    ...source?.triggers,
    schedule: draft.onSchedule,
    on_merge: draft.onMerge,
    ...pullRequest,
  };
  // The server derives a job's type from its triggers, unless somebody set one by the API.
  const same =
    source !== null &&
    source.triggers.schedule === draft.onSchedule &&
    source.triggers.on_merge === draft.onMerge &&
    runsOnPullRequests(source) === draft.onPullRequest;
  return {
    triggers,
    ...(same ? { job_type: source.job_type } : {}),
    triggers_on_draft_pr: draft.onPullRequest && draft.onDraft,
  };
}

/** Of a job that pull requests do not start, what is stored stays: nobody was shown it. */
export function checksBody(draft: JobDraft, source: JobDetail | null): Body {
  if (!draft.onPullRequest)
    return source === null
      ? {}
      : {
          run_lint: source.run_lint,
          errors_on_lint_failure: source.errors_on_lint_failure,
          run_compare_changes: source.run_compare_changes,
          compare_changes_flags: source.compare_changes_flags,
        };
  const flags = draft.compareFlags.trim();
  return {
    run_lint: draft.lint,
    errors_on_lint_failure: draft.lintFails,
    run_compare_changes: draft.compareChanges,
    ...(flags !== '' && { compare_changes_flags: flags }),
  };
}
