import { expect, it } from 'vitest';
import { jobsQueryOf, readJobSearch, readJobsSearch, readNewJobSearch } from './job-search';

it('reads what is known and leaves out the rest', () => {
  expect(
    readJobsSearch({ name: 7, project: '3', environment: 'x', trigger: 'ci', more: 1 }),
  ).toEqual({ name: '7', project: 3, trigger: 'ci' });
  expect(readJobsSearch({ name: '  ', project: -1, trigger: 'toString' })).toEqual({});
  expect(readNewJobSearch({ copy: '12', project: 1.5 })).toEqual({ copy: 12 });
  expect(readJobSearch({ tab: 'yaml' })).toEqual({ tab: 'yaml' });
  expect(readJobSearch({ tab: 'overview' })).toEqual({});
});

it('asks the API for it', () => {
  expect(jobsQueryOf({})).toEqual({});
  expect(jobsQueryOf({ name: ' nightly ', environment: 2, trigger: 'schedule' })).toEqual({
    name__icontains: 'nightly',
    environment_id: 2,
    triggers_schedule: true,
  });
  expect(jobsQueryOf({ trigger: 'other' })).toEqual({
    job_type: 'other',
    triggers_schedule: false,
  });
});
