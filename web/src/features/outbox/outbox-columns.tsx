import { Button } from '@mantine/core';
import { AboveLink, type Column } from '@/ui/data-table';
import { StateBadge } from '@/ui/state-badge';
import { TimeAgo } from '@/ui/time-ago';
import type { useSendOutgoingAgain } from './outbox-api';
import { type Outgoing, outgoingState } from './outbox-facts';

export const stateColumn: Column<Outgoing> = {
  key: 'state',
  title: 'State',
  width: '116px',
  cell: ({ status }) => <StateBadge {...outgoingState(status)} variant="plain" />,
};

export function errorColumn(width: string): Column<Outgoing> {
  return {
    key: 'error',
    title: 'Last error',
    width,
    wideOnly: true,
    cell: ({ last_error }) => last_error || '–',
  };
}

export const whenColumn: Column<Outgoing> = {
  key: 'when',
  title: 'When',
  width: '96px',
  wideOnly: true,
  cell: ({ created_at }) => (
    <AboveLink>
      <TimeAgo at={created_at} />
    </AboveLink>
  ),
};

export function againColumn(again: ReturnType<typeof useSendOutgoingAgain>): Column<Outgoing> {
  return {
    key: 'actions',
    title: 'Actions',
    width: '88px',
    align: 'right',
    cell: ({ id, status }) =>
      status === 'failed' && (
        <AboveLink>
          <Button
            variant="default"
            loading={again.isPending && again.variables === id}
            onClick={() => again.mutate(id)}
          >
            Try again
          </Button>
        </AboveLink>
      ),
  };
}
