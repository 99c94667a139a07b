import { Button } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { messageOf } from '@/api/errors';
import { type Column, DataTable } from '@/ui/data-table';
import { FilterChip, FilterChips } from '@/ui/filter-chip';
import { ErrorSummary } from '@/ui/form/form';
import { Section } from '@/ui/page';
import { Problem } from '@/ui/problem';
import { SidePanel } from '@/ui/side-panel';
import css from './outbox.module.css';
import { mostOutgoing, type useSendOutgoingAgain } from './outbox-api';
import {
  type Outgoing,
  type OutgoingStatus,
  outgoingState,
  outgoingStatuses,
} from './outbox-facts';

interface OutboxSectionProps<Row> extends OutboxFiltersProps {
  /** What one is called: “Letter”. */
  one: string;
  help: string;
  list: UseQueryResult<Row[]>;
  columns: readonly Column<Row>[];
  again: ReturnType<typeof useSendOutgoingAgain>;
  /** Said where there are no rows. */
  nothing: string;
  /** The id of the one that the side panel shows. */
  chosen: number | undefined;
  panel: (row: Row) => ReactNode;
  onClose: () => void;
}

/** What was sent, or is on its way, the latest first. */
export function OutboxSection<Row extends Outgoing>(props: OutboxSectionProps<Row>) {
  const { one, many, help, list, columns, again, nothing, chosen, panel, onClose } = props;
  const { status, onFilter } = props;
  const row = list.data?.find(({ id }) => id === chosen);
  return (
    <Section
      title={many}
      help={help}
      actions={
        <Button variant="default" loading={list.isRefetching} onClick={() => void list.refetch()}>
          Look again
        </Button>
      }
    >
      <OutboxFilters many={many} status={status} onFilter={onFilter} />
      {again.error && <ErrorSummary error={again.error} shown={[]} />}
      {list.isError && list.data === undefined ? (
        <Problem
          title={`The ${many.toLowerCase()} could not be read`}
          onRetry={() => void list.refetch()}
        >
          {messageOf(list.error)}
        </Problem>
      ) : list.data?.length === 0 ? (
        <p className={css.note}>{nothing}</p>
      ) : (
        <>
          <DataTable
            inline
            label={many}
            columns={columns}
            rows={list.data}
            rowKey={({ id }) => id}
          />
          {list.data?.length === mostOutgoing && (
            <p className={css.note}>These are the latest {mostOutgoing}.</p>
          )}
        </>
      )}
      <SidePanel title={one} opened={chosen !== undefined} onClose={onClose}>
        {row !== undefined
          ? panel(row)
          : list.data !== undefined && (
              <Problem title={`This ${one.toLowerCase()} is not in the list`} />
            )}
      </SidePanel>
    </Section>
  );
}

interface OutboxFiltersProps {
  /** What several are called: “Letters”. */
  many: string;
  /** Of those listed; all without it. */
  status: OutgoingStatus | undefined;
  onFilter: (search: { status?: OutgoingStatus }) => void;
}

function OutboxFilters({ many, status, onFilter }: OutboxFiltersProps) {
  return (
    <FilterChips label={`Which ${many.toLowerCase()}`}>
      <FilterChip active={status === undefined} onToggle={() => onFilter({})}>
        All
      </FilterChip>
      {outgoingStatuses.map((each) => (
        <FilterChip key={each} active={status === each} onToggle={() => onFilter({ status: each })}>
          {outgoingState(each).word}
        </FilterChip>
      ))}
    </FilterChips>
  );
}
