import type { Overrides } from '../jobs-api';

/** What is typed for one run; empty is as the job says. */
export interface RunDraft {
  cause: string;
  steps: string;
  branch: string;
  sha: string;
  schema: string;
  target: string;
  threads: string;
  version: string;
}

/** The commands of a text with one per line; a line that ends in a backslash goes on in the next. */
export function stepLines(text: string): string[] {
  return text
    .split(/(?<!\\)\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

export function overridesOf(draft: RunDraft): Overrides {
  const steps = stepLines(draft.steps);
  const texts = {
    cause: draft.cause,
    git_branch: draft.branch,
    git_sha: draft.sha,
    schema_override: draft.schema,
    target_name_override: draft.target,
    dbt_version_override: draft.version,
  };
  return {
    ...Object.fromEntries(
      Object.entries(texts)
        .map(([key, value]) => [key, value.trim()])
        .filter(([, value]) => value !== ''),
    ),
    ...(steps.length > 0 ? { steps_override: steps } : {}),
    ...(draft.threads === '' ? {} : { threads_override: Number(draft.threads) }),
  };
}
