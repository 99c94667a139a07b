import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { messageOf } from '@/api/errors';
import type { Run } from '@/api/types';
import { FilterChip, FilterChips } from '@/ui/filter-chip';
import { Problem } from '@/ui/problem';
import { isOver } from '../../status';
import type { ChangeSearch } from '../change-search';
import { comparisonQuery } from './compare-api';
import { arranged, countOf, summaryOf } from './compare-model';
import css from './compare-panel.module.css';
import { ModelRows } from './model-rows';

interface ComparePanelProps {
  account: number;
  run: Run;
  change: ChangeSearch;
}

/** More than anybody reads in one go. */
const mostModels = 300;

/** How what a pull request's run built differs from what is in production, say. */
export function ComparePanel({ account, run, change }: ComparePanelProps) {
  const query = useQuery(comparisonQuery(account, run));
  const [all, setAll] = useState(false);
  if (query.isError && query.data === undefined)
    return (
      <Problem title="The comparison could not be read" onRetry={() => void query.refetch()}>
        {messageOf(query.error)}
      </Problem>
    );
  if (query.data === undefined) return <Skeleton className={css.loading} />;
  if (query.data === null)
    return (
      <p className={css.none}>
        {isOver(run.status)
          ? 'This run compared nothing. Its job says whether changes are compared.'
          : 'What is built is compared at the end of the run.'}
      </p>
    );
  const models = arranged(query.data.models);
  const unchanged = countOf(models, 'unchanged');
  const shown = all ? models : models.filter(({ status }) => status !== 'unchanged');
  return (
    <div className={css.panel}>
      <p className={css.note}>
        {summaryOf(models)} Rows are compared by their primary key with those of the environment
        that the job defers to.
      </p>
      {unchanged > 0 && (
        <FilterChips label="Models shown">
          <FilterChip active={!all} onToggle={() => setAll(false)}>
            That differ
          </FilterChip>
          <FilterChip active={all} onToggle={() => setAll(true)}>
            All {models.length.toLocaleString('en')}
          </FilterChip>
        </FilterChips>
      )}
      {shown.length > 0 && (
        <table className={css.table}>
          <caption className={css.hidden}>Compared models</caption>
          <thead>
            <tr>
              <th scope="col">Model</th>
              <th scope="col">Status</th>
              <th scope="col">Rows</th>
              <th scope="col" className={css.wide}>
                Before → after
              </th>
              <th scope="col">Columns</th>
            </tr>
          </thead>
          {shown.slice(0, mostModels).map((model) => (
            <ModelRows
              key={model.unique_id}
              model={model}
              onOpen={() => change({ node: model.unique_id })}
            />
          ))}
        </table>
      )}
      {shown.length > mostModels && (
        <p className={css.note}>
          And {(shown.length - mostModels).toLocaleString('en')} more, which are not shown.
        </p>
      )}
    </div>
  );
}
