import type { Lack } from '../../git-hosts/host-standing';
import type { EnvironmentChoice } from '../job-types';

/** Why no pull request and no merge will start the job. */
export const lackWords: Record<Lack | 'no_repository', string> = {
  no_repository: 'The project has no repository yet, so nothing starts this job by itself.',
  none: 'No git host is set up for the project’s repository, so nothing starts this job by itself.',
  broken: 'The git host of the project’s repository refuses Millwright at the moment.',
  managed:
    'The project’s repository is kept by Millwright, which has no pull requests; nothing starts this job by itself.',
  off: 'Git hosts are switched off here, so nothing starts this job by itself.',
};

/** The branch whose merges are built, in words. */
export function branchWords(environment: EnvironmentChoice | undefined): string {
  const own = environment?.use_custom_branch ? environment.custom_branch : null;
  if (own) return own;
  return environment === undefined ? 'the environment’s branch' : 'the repository’s default branch';
}

/** What pull requests of a project are best compared with. */
export function productionOf(
  environments: readonly EnvironmentChoice[],
  project: number | null,
): EnvironmentChoice | undefined {
  return environments.find(
    (one) => one.project_id === project && one.deployment_type === 'production',
  );
}
