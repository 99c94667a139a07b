import { expect, test } from 'vitest';
import { accessLines, sentenceList } from './access-words';
import { effectiveAccess } from './effective';

const nameOf = (project: number) => (project === 7 ? 'Shop' : null);

test('lists read as in a sentence', () => {
  expect(sentenceList([])).toBe('');
  expect(sentenceList(['staging'])).toBe('staging');
  expect(sentenceList(['development', 'staging', 'other'])).toBe('development, staging and other');
});

test('areas of the same place are one line, the account first', () => {
  const access = effectiveAccess(
    [
      { set: 'job_runner', project: 7, categories: [] },
      { set: 'webhooks_only', project: null, categories: [] },
    ],
    'developer',
  );
  const lines = accessLines(access, nameOf).map(({ access, where, areas }) => [
    access,
    where,
    areas.join(),
  ]);
  expect(lines).toEqual([
    ['write', 'in the account', 'Webhooks'],
    ['read', 'in the account', 'Public models'],
    ['write', 'in Shop', 'Runs'],
    ['read', 'in Shop', 'Jobs'],
  ]);
});

test('environments are named where they limit', () => {
  const access = effectiveAccess(
    [{ set: 'developer', project: 8, categories: ['development', 'staging'] }],
    'developer',
  );
  const limited = accessLines(access, nameOf).find(({ areas }) => areas.includes('Jobs'));
  expect(limited?.where).toBe('in project 8, development and staging environments only');
});
