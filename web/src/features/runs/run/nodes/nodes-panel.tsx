import { Skeleton, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import { useMemo } from 'react';
import { messageOf } from '@/api/errors';
import type { Run, RunNode } from '@/api/types';
import { FilterChip, FilterChips } from '@/ui/filter-chip';
import { Problem } from '@/ui/problem';
import { StateIcon } from '@/ui/state-icon';
import type { RunSearch } from '../../search-params';
import { isOver } from '../../status';
import type { ChangeSearch } from '../change-search';
import { countOutcomes, selectNodes } from './node-view';
import css from './nodes-panel.module.css';
import { NodesTable } from './nodes-table';

interface NodesPanelProps {
  run: Run;
  nodes: RunNode[];
  /** Where the nodes came from: whether they are there yet. */
  query: UseQueryResult<RunNode[]>;
  search: RunSearch;
  change: ChangeSearch;
}

export function NodesPanel({ run, nodes, query, search, change }: NodesPanelProps) {
  const { outcome, filter } = search;
  const shown = useMemo(() => selectNodes(nodes, outcome, filter), [nodes, outcome, filter]);
  if (query.isError && query.data === undefined) {
    return (
      <Problem title="The nodes could not be read" onRetry={() => void query.refetch()}>
        {messageOf(query.error)}
      </Problem>
    );
  }
  if (query.data === undefined) return <Skeleton className={css.loading} />;
  if (nodes.length === 0) {
    return (
      <p className={css.none}>
        {isOver(run.status)
          ? 'dbt reported no node in this run.'
          : 'Models, tests, seeds and snapshots appear here as dbt starts them.'}
      </p>
    );
  }
  return (
    <div className={css.panel}>
      <div className={css.filters}>
        <FilterChips label="Filter by outcome">
          <FilterChip
            active={outcome === undefined}
            onToggle={() => change({ outcome: undefined })}
          >
            All <span className={css.count}>{nodes.length.toLocaleString('en')}</span>
          </FilterChip>
          {countOutcomes(nodes, outcome).map(({ key, word, state, count }) => (
            <FilterChip
              key={key}
              active={outcome === key}
              onToggle={() => change({ outcome: outcome === key ? undefined : key })}
            >
              <StateIcon state={state} size={14} still />
              {word} <span className={css.count}>{count.toLocaleString('en')}</span>
            </FilterChip>
          ))}
        </FilterChips>
        <TextInput
          className={css.search}
          size="xs"
          type="search"
          aria-label="Filter nodes"
          placeholder="Name, type or message"
          leftSection={<IconSearch size={14} aria-hidden="true" />}
          defaultValue={filter ?? ''}
          onChange={(event) => change({ filter: event.currentTarget.value || undefined })}
        />
      </div>
      <NodesTable
        nodes={shown}
        opened={search.node ?? null}
        onOpen={(node) => change({ node: node.unique_id })}
      />
    </div>
  );
}
