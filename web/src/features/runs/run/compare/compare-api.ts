import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { ui } from '@/api/client';
import { ApiError } from '@/api/errors';
import { keys } from '@/api/keys';
import type { Run } from '@/api/types';
import { isOver } from '../../status';
import { pullRequestOf } from '../pull-request';
import type { Comparison } from './compare-model';

/** Whether a run may have been compared at all: nobody asks for the others. */
export function mayCompare({ trigger }: Run): boolean {
  return trigger?.cause_category === 'ci' || pullRequestOf(trigger) !== null;
}

/** How what the run built differs from what it defers to; `null` where that was not compared. */
export function comparisonQuery(account: number, run: Run) {
  return queryOptions({
    queryKey: [...keys.runs.run(account, run.id), 'compare', isOver(run.status)] as const,
    queryFn: async ({ signal }): Promise<Comparison | null> => {
      try {
        const path = `/accounts/${account}/runs/${run.id}/compare-changes/`;
        return await ui.get<Comparison>(path, { signal });
      } catch (error) {
        if (error instanceof ApiError && error.kind === 'not_found') return null;
        throw error;
      }
    },
    // While it is asked for once more at the run's end, the tab stays.
    placeholderData: keepPreviousData,
    enabled: mayCompare(run),
    staleTime: isOver(run.status) ? Number.POSITIVE_INFINITY : 15_000,
  });
}
