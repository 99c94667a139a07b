import { Button } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { messageOf } from '@/api/errors';
import { type Column, DataTable, rowLink } from '@/ui/data-table';
import { Page } from '@/ui/page';
import { PageHeader } from '@/ui/page-header';
import { Problem } from '@/ui/problem';
import { type Group, groupsQuery, type SetName, setNamesQuery } from './groups-api';
import { SetsPanel } from './sets-panel';

const here = '/signed-in/settings/$account/groups';

/** “Developer, Job viewer” */
function given(group: Group, names: readonly SetName[]): string {
  const sets = [...new Set(group.group_permissions.map((each) => each.permission_set))];
  return sets.map((set) => names.find(({ value }) => value === set)?.label ?? set).join(', ');
}

export function GroupsPage() {
  useDocumentTitle('Groups & permissions · Millwright');
  const { account } = useParams({ from: here });
  const { panel } = useSearch({ from: here });
  const navigate = useNavigate({ from: '/settings/$account/groups' });
  const groups = useQuery(groupsQuery(account));
  const names = useQuery(setNamesQuery(account)).data ?? [];
  const show = (open: boolean) =>
    void navigate({ params: { account }, search: open ? { panel: 'sets' } : {}, replace: true });
  const columns: Column<Group>[] = [
    {
      key: 'name',
      title: 'Name',
      width: 'minmax(140px, 2fr)',
      cell: (group) => (
        <Link
          to="/settings/$account/groups/$group"
          params={{ account, group: group.id }}
          className={rowLink}
        >
          <bdi>{group.name}</bdi>
        </Link>
      ),
    },
    {
      key: 'gives',
      title: 'Permission sets',
      width: 'minmax(160px, 3fr)',
      cell: (group) => given(group, names) || 'None',
    },
    {
      key: 'joined',
      title: 'Joined by',
      width: 'minmax(120px, 1fr)',
      cell: joinedBy,
      wideOnly: true,
    },
    {
      key: 'members',
      title: 'Members',
      width: '80px',
      cell: ({ member_count }) => <span className="tabular">{member_count}</span>,
      align: 'right',
      wideOnly: true,
    },
  ];
  return (
    <Page kind="list">
      <PageHeader
        title="Groups & permissions"
        actions={
          <>
            <Button variant="default" onClick={() => show(true)}>
              What permission sets allow
            </Button>
            <Button
              renderRoot={(props) => (
                <Link to="/settings/$account/groups/new" params={{ account }} {...props} />
              )}
            >
              New group
            </Button>
          </>
        }
      />
      {groups.isError ? (
        <Problem title="The groups could not be read" onRetry={() => void groups.refetch()}>
          {messageOf(groups.error)}
        </Problem>
      ) : (
        <DataTable
          label="Groups"
          columns={columns}
          rows={groups.data}
          rowKey={({ id }) => id}
          rowPx={40}
        />
      )}
      <SetsPanel account={account} opened={panel === 'sets'} onClose={() => show(false)} />
    </Page>
  );
}

function joinedBy(group: Group): string {
  if (group.scim_managed) return 'Identity provider (SCIM)';
  return group.assign_by_default ? 'Default' : 'Choice';
}
