import { expect, it } from 'vitest';
import { describeArtifact, orderArtifacts } from './artifact-view';

it('puts what people come for first', () => {
  const paths = [
    'compiled/shop/b.sql',
    'compiled/shop/a.sql',
    'zz.txt',
    'run_results.json',
    'manifest.json',
  ];
  expect(orderArtifacts(paths)).toEqual([
    'manifest.json',
    'run_results.json',
    'zz.txt',
    'compiled/shop/a.sql',
    'compiled/shop/b.sql',
  ]);
});

it.each([
  ['manifest.json', 'The whole project as dbt parsed it'],
  ['compiled/shop/manifest.json', 'Compiled SQL'],
  ['run/shop/a.sql', 'SQL as it was run'],
  ['notes.txt', ''],
])('describes %s', (path, text) => {
  expect(describeArtifact(path)).toBe(text);
});
