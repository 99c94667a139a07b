import { expect, it } from 'vitest';
import { overridesOf, stepLines } from './run-overrides';

const empty = {
  cause: '',
  steps: '',
  branch: '',
  sha: '',
  schema: ' ',
  target: '',
  threads: '',
  version: '',
};

it('sends only what was typed', () => {
  expect(overridesOf(empty)).toEqual({});
  expect(
    overridesOf({ ...empty, steps: 'dbt seed\n\n dbt run \n', branch: ' main ', threads: '8' }),
  ).toEqual({ steps_override: ['dbt seed', 'dbt run'], git_branch: 'main', threads_override: 8 });
});

it('lets a command go on in the next line', () => {
  expect(stepLines('dbt run \\\n  --select x\ndbt test')).toEqual([
    'dbt run \\\n  --select x',
    'dbt test',
  ]);
});
