import type { CompletionCondition, JobDetail } from './job-types';

export function runsOnPullRequests({ triggers }: JobDetail): boolean {
  return triggers.github_webhook || triggers.git_provider_webhook;
}

/** What may start the job by itself, in the words of the page; none: somebody has to. */
export function triggerWords(job: JobDetail): string[] {
  const words = [];
  if (job.triggers.schedule) words.push('Schedule');
  if (runsOnPullRequests(job)) words.push('Pull request');
  if (job.triggers.on_merge) words.push('Merge');
  if (job.job_completion_trigger_condition !== null) words.push('Job completion');
  return words;
}

export const outcomes = [
  { status: 10, word: 'Success' },
  { status: 20, word: 'Error' },
  { status: 30, word: 'Cancelled' },
] as const;

/** “success or error”. */
export function outcomeWords({ condition }: CompletionCondition): string {
  const words = outcomes
    .filter(({ status }) => condition.statuses.includes(status))
    .map(({ word }) => word.toLowerCase());
  return words.length === 0 ? 'no outcome' : words.join(' or ');
}
