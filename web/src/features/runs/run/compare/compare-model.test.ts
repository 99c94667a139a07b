import { expect, it } from 'vitest';
import {
  arranged,
  type ComparedModel,
  columnChanges,
  rowParts,
  sizeWords,
  summaryOf,
} from './compare-model';

function aModel(change: Partial<ComparedModel>): ComparedModel {
  return {
    unique_id: 'model.shop.orders',
    name: 'orders',
    status: 'changed',
    primary_key: ['order_id'],
    rows: { added: 12, removed: 0, changed: 1_040, unchanged: 5, before: 1_045, after: 1_057 },
    columns: { added: ['net'], removed: [], retyped: ['day'], changed: { a: 3, total: 1_040 } },
    message: '',
    ...change,
  };
}

it('puts what changed first', () => {
  const names = (models: ComparedModel[]) => arranged(models).map(({ name }) => name);
  expect(
    names([
      aModel({ name: 'a', status: 'unchanged' }),
      aModel({ name: 'b', status: 'skipped' }),
      aModel({ name: 'c', status: 'new' }),
      aModel({ name: 'e' }),
      aModel({ name: 'd' }),
    ]),
  ).toEqual(['d', 'e', 'c', 'b', 'a']);
});

it('sums up in words', () => {
  expect(summaryOf([aModel({ status: 'unchanged' })])).toBe('None of 1 models differs.');
  expect(summaryOf([aModel({}), aModel({ status: 'new' }), aModel({ status: 'skipped' })])).toBe(
    '1 of 3 models differs, 1 is new, 1 was not compared.',
  );
});

it('tells of rows only where some differ', () => {
  const { rows } = aModel({});
  expect(rowParts(rows)?.map(({ text }) => text)).toEqual(['+12', '~1,040']);
  expect(rowParts({ ...rows, added: 0, changed: 0 })).toEqual([]);
  expect(rowParts({ ...rows, added: null, removed: null, changed: null })).toBeNull();
});

it('tells of sizes as far as they are known', () => {
  const { rows } = aModel({});
  expect(sizeWords(rows)).toBe('1,045 → 1,057');
  expect(sizeWords({ ...rows, before: null })).toBe('– → 1,057');
  expect(sizeWords({ ...rows, before: null, after: null })).toBe('–');
});

it('tells what became of columns', () => {
  expect(columnChanges(aModel({}))).toEqual([
    { name: 'net', words: 'added' },
    { name: 'day', words: 'of another type' },
    { name: 'total', words: 'changed in 1,040 of 1,045 rows' },
    { name: 'a', words: 'changed in 3 of 1,045 rows' },
  ]);
});
