import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { messageOf } from '@/api/errors';
import { ConfirmButton } from '@/ui/confirm-button';
import { type Column, DataTable } from '@/ui/data-table';
import { Section } from '@/ui/page';
import { Problem } from '@/ui/problem';
import { TimeAgo } from '@/ui/time-ago';
import { projectNamesQuery } from '../account/names-api';
import css from './integrations.module.css';
import { type StoredIntegration, storedQuery, useDeleteStored } from './integrations-api';

function useColumns(account: number): Column<StoredIntegration>[] {
  const { data: projects } = useQuery(projectNamesQuery(account));
  return useMemo(() => {
    const names = new Map((projects ?? []).map(({ id, name }) => [id, name]));
    return [
      {
        key: 'kind',
        title: 'Kind',
        width: 'minmax(140px, 2fr)',
        cell: ({ kind }) => kind,
      },
      {
        key: 'name',
        title: 'Name',
        width: 'minmax(80px, 2fr)',
        cell: ({ name, id }) => <bdi>{name || `#${id}`}</bdi>,
      },
      {
        key: 'project',
        title: 'Project',
        width: 'minmax(80px, 1fr)',
        wideOnly: true,
        cell: ({ project_id }) =>
          project_id === null ? '–' : (names.get(project_id) ?? `#${project_id}`),
      },
      {
        key: 'created',
        title: 'Created',
        width: '112px',
        wideOnly: true,
        cell: ({ created_at }) => <TimeAgo at={created_at} />,
      },
      {
        key: 'delete',
        title: 'Actions',
        width: '88px',
        align: 'right',
        cell: (stored) => <Delete account={account} stored={stored} />,
      },
    ];
  }, [account, projects]);
}

function Delete({ account, stored }: { account: number; stored: StoredIntegration }) {
  const remove = useDeleteStored(account);
  return (
    <ConfirmButton
      word="Delete"
      question={`Delete ${stored.name || `#${stored.id}`}?`}
      pending={remove.isPending}
      error={remove.error && messageOf(remove.error)}
      onConfirm={(close) => remove.mutate(stored, { onSuccess: close })}
    >
      Its configuration and its secrets go with it. A client that manages it, such as Terraform,
      makes it anew when it is applied again.
    </ConfirmButton>
  );
}

/** Lineage tools, the semantic layer and the like. */
export function StoredIntegrations({ account }: { account: number }) {
  const list = useQuery(storedQuery(account));
  const columns = useColumns(account);
  return (
    <Section
      title="Stored by clients of the API"
      help="Lineage tools, semantic layer and warehouse metadata, as Terraform and others describe them. Millwright keeps them and gives them back, and does nothing else with them."
    >
      {list.isError && list.data === undefined ? (
        <Problem title="They could not be read" onRetry={() => void list.refetch()}>
          {messageOf(list.error)}
        </Problem>
      ) : list.data?.length === 0 ? (
        <p className={css.note}>There are none.</p>
      ) : (
        <DataTable
          inline
          label="Stored integrations"
          columns={columns}
          rows={list.data}
          rowKey={({ path, id }) => `${path}${id}`}
        />
      )}
    </Section>
  );
}
