import { Button, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { memo, useMemo } from 'react';
import { messageOf } from '@/api/errors';
import type { Run, RunNode } from '@/api/types';
import { copyWord, useCopy } from '@/ui/copy';
import { isOver } from '../../status';
import { compiledQuery } from '../insight-api';
import css from './node-sql.module.css';
import { sqlTokens } from './sql-tokens';

/** What dbt made of the node's code in this run. */
export function NodeSql({ account, run, node }: { account: number; run: Run; node: RunNode }) {
  const query = useQuery(compiledQuery(account, run, node.unique_id, node.resource_type));
  const { result, copy } = useCopy();
  const sql = query.data;
  return (
    <section className={css.root} aria-label="Compiled SQL">
      <div className={css.head}>
        <h3 className={css.title}>Compiled SQL</h3>
        {sql && (
          <Button variant="subtle" size="compact-xs" onClick={() => copy(sql)}>
            {copyWord(result, 'Copy SQL')}
          </Button>
        )}
      </div>
      {query.isPending && <Skeleton height={96} />}
      {query.isError && <p className={css.none}>{messageOf(query.error)}</p>}
      {sql === null && (
        <p className={css.none}>
          {isOver(run.status)
            ? 'The run has left none for this node: dbt did not get as far as to compile it.'
            : 'It comes with the run’s artifacts, which dbt writes as the step ends.'}
        </p>
      )}
      {sql && <Coloured sql={sql} />}
    </section>
  );
}

/** Longer than what anybody reads in a panel; colouring it would hold up the page. */
const mostColoured = 60_000;

const Coloured = memo(function Coloured({ sql }: { sql: string }) {
  const tokens = useMemo(() => (sql.length > mostColoured ? [] : sqlTokens(sql.trim())), [sql]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: Chromium lets one scroll by keys only what has the focus.
    <pre className={css.code} tabIndex={0}>
      <code>
        {tokens.length === 0
          ? sql
          : tokens.map(({ kind, text }, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: they never move.
              <span key={place} data-kind={kind}>
                {text}
              </span>
            ))}
      </code>
    </pre>
  );
});
