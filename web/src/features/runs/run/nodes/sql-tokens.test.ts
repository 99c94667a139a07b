import { expect, it } from 'vitest';
import { sqlTokens } from './sql-tokens';

const told = (sql: string) =>
  sqlTokens(sql)
    .filter(({ kind }) => kind !== 'plain')
    .map(({ kind, text }) => `${kind} ${text}`);

it('tells keywords, texts, numbers and comments apart', () => {
  expect(told("SELECT a, 'it''s -- no comment', 12.5 from t1 -- end\n/* x */")).toEqual([
    'word SELECT',
    "text 'it''s -- no comment'",
    'number 12.5',
    'word from',
    'comment -- end',
    'comment /* x */',
  ]);
});

it('takes quoted names and names with keywords in them for names', () => {
  expect(told('"select" `from` selected order_by "a ""b"" select"')).toEqual([]);
});

it.each(["select 'open", 'select "open', 'select /* open', '', '🚀 select'])(
  'loses nothing of %j',
  (sql) => {
    expect(
      sqlTokens(sql)
        .map(({ text }) => text)
        .join(''),
    ).toBe(sql);
  },
);
