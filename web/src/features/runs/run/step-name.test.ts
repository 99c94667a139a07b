import { expect, it } from 'vitest';
import { shortStepName } from './step-name';

it.each([
  ['Invoke dbt with `dbt build --select a`', 'dbt build --select a'],
  ['Clone git repository', 'Clone'],
  ['Create profile from connection Shop (DuckDB)', 'Profile'],
  ['Something else', 'Something else'],
])('%s is %s', (name, short) => {
  expect(shortStepName(name)).toBe(short);
});
