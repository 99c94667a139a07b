import { expect, it } from 'vitest';
import type { EnvironmentChoice } from '../job-types';
import { branchWords, productionOf } from './trigger-words';

const environment: EnvironmentChoice = {
  id: 3,
  project_id: 2,
  name: 'Production',
  type: 'deployment',
  deployment_type: 'production',
  dbt_version: null,
  use_custom_branch: false,
  custom_branch: null,
};

it('names the branch whose merges are built', () => {
  expect(branchWords({ ...environment, use_custom_branch: true, custom_branch: 'main' })).toBe(
    'main',
  );
  expect(branchWords({ ...environment, custom_branch: 'kept' })).toContain('default branch');
  expect(branchWords(undefined)).toContain('environment');
});

it('finds the production environment of the project', () => {
  const other = { ...environment, id: 4, project_id: 9 };
  const staging = { ...environment, id: 5, deployment_type: 'staging' };
  expect(productionOf([other, staging, environment], 2)?.id).toBe(3);
  expect(productionOf([other, staging], 2)).toBeUndefined();
});
