import { describe, expect, it } from 'vitest';
import { currentStep, isReachable, readSetUpSearch, unfinished } from './steps';

describe('where one is', () => {
  it('is read from the address', () => {
    expect(
      readSetUpSearch({ project: 3, job: 'x', environment: -1, step: 'nowhere', checked: true }),
    ).toEqual({ project: 3, checked: true });
  });

  it('is the first step that is not done', () => {
    expect(currentStep({})).toBe('warehouse');
    expect(currentStep({ project: 1, environment: 2 })).toBe('repository');
    expect(currentStep({ environment: 2, repository: 3 })).toBe('environment');
    expect(currentStep({ environment: 2, repository: 3, checked: true })).toBe('job');
    expect(currentStep({ environment: 2, repository: 3, job: 4 })).toBe('run');
    expect(currentStep({ environment: 2, repository: 3, job: 4, run: 5 })).toBe('run');
  });

  it('is an earlier step that one went back to, but none that is not open yet', () => {
    expect(currentStep({ environment: 2, repository: 3, step: 'warehouse' })).toBe('warehouse');
    expect(currentStep({ environment: 2, step: 'run' })).toBe('repository');
    expect(isReachable('job', { environment: 2 })).toBe(false);
  });
});

it('finds what was begun and never ran', () => {
  const project = { name: 'Shop', repository_id: null };
  const environment = { id: 5, type: 'deployment', connection_id: 6, credentials_id: 7 };
  expect(
    unfinished({
      projects: [
        { ...project, id: 1 },
        { ...project, id: 2, repository_id: 9 },
        { ...project, id: 3 },
      ],
      environments: [
        { ...environment, project_id: 2 },
        { ...environment, id: 8, project_id: 3, credentials_id: null },
      ],
      jobs: [{ project_id: 1 }],
    }).map(({ search }) => search),
  ).toEqual([
    { project: 3 },
    { project: 2, repository: 9, environment: 5, connection: 6, credentials: 7 },
  ]);
});
