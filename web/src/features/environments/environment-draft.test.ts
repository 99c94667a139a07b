import { describe, expect, it } from 'vitest';
import {
  attributesOf,
  draftOfEnvironment,
  environmentBody,
  kindOf,
  newEnvironment,
  problemsOfEnvironment,
} from './environment-draft';
import type { Environment } from './environments-api';

const stored: Environment = {
  id: 1,
  project_id: 1,
  name: 'Production',
  type: 'deployment',
  deployment_type: 'production',
  dbt_version: 'latest',
  connection_id: 3,
  credentials_id: 4,
  extended_attributes_id: null,
  primary_profile_id: null,
  use_custom_branch: false,
  custom_branch: 'left-over',
  created_at: '',
  updated_at: '',
  project: null,
};

describe('an environment in its form', () => {
  it('has a branch only where it is used', () => {
    expect(draftOfEnvironment(stored, undefined).custom_branch).toBe('');
    const body = environmentBody({
      ...draftOfEnvironment(stored, undefined),
      custom_branch: ' x ',
    });
    expect(body).toMatchObject({ use_custom_branch: true, custom_branch: 'x' });
  });

  it('has a deployment type only where it deploys', () => {
    const draft = { ...newEnvironment(), deployment_type: 'staging' };
    expect(environmentBody(draft).deployment_type).toBe('staging');
    expect(environmentBody({ ...draft, type: 'development' }).deployment_type).toBe('');
  });

  it('says what is missing', () => {
    const draft = { ...newEnvironment(), dbt_version: ' ', attributes: '[1]' };
    expect(Object.keys(problemsOfEnvironment(draft))).toEqual([
      'name',
      'dbt_version',
      'attributes',
    ]);
    expect(problemsOfEnvironment({ ...newEnvironment(), name: 'x' })).toEqual({});
  });
});

it('reads extended attributes', () => {
  expect(attributesOf(' ')).toBeNull();
  expect(attributesOf('{"a": 1}')).toEqual({ a: 1 });
  expect(attributesOf('{')).toBeUndefined();
  expect(attributesOf('null')).toBeUndefined();
});

it('is of one of four kinds', () => {
  expect(kindOf(stored)).toBe('production');
  expect(kindOf({ ...stored, deployment_type: null })).toBe('general');
  expect(kindOf({ ...stored, type: 'development', deployment_type: null })).toBe('development');
});
