import { describe, expect, it } from 'vitest';
import { changesOf, problemWithName, rowsOf } from './matrix';

const row = { name: 'DBT_A', secret: false, values: { project: '1', Production: '2' } };

it('has a row for each variable, by name', () => {
  const rows = rowsOf({
    environments: ['project', 'Production'],
    variables: {
      DBT_ENV_SECRET_KEY: { project: { id: 2, value: '******' } },
      DBT_A: { project: { id: 1, value: '1' } },
    },
  });
  expect(rows).toEqual([
    { name: 'DBT_A', secret: false, values: { project: '1' } },
    { name: 'DBT_ENV_SECRET_KEY', secret: true, values: { project: '******' } },
  ]);
});

it('says what is wrong with a name', () => {
  expect(problemWithName('DBT_A', [])).toBeNull();
  for (const wrong of ['', 'A', 'DBT_', 'DBT_a', 'DBT_CLOUD_X', 'DBT_ENV'])
    expect(problemWithName(wrong, []), wrong).not.toBeNull();
  expect(problemWithName('DBT_A', ['DBT_A'])).not.toBeNull();
});

describe('what a save changes', () => {
  it('is what was touched', () => {
    expect(changesOf(row, { project: '1', Production: '3', Staging: null })).toEqual({
      Production: '3',
    });
    expect(changesOf(row, { Production: null })).toEqual({ Production: null });
    expect(changesOf(undefined, { project: '', Production: null })).toEqual({ project: '' });
  });

  it('leaves a secret that was not typed', () => {
    const secret = { ...row, secret: true };
    expect(changesOf(secret, { project: undefined, Production: '2' })).toEqual({ Production: '2' });
  });
});
