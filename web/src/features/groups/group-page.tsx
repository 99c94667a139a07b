import { Button, Skeleton } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { messageOf } from '@/api/errors';
import { MembersTable } from '@/features/users/members-table';
import { membersQuery } from '@/features/users/users-api';
import { ConfirmButton } from '@/ui/confirm-button';
import { Page, Section } from '@/ui/page';
import { PageHeader } from '@/ui/page-header';
import { Problem } from '@/ui/problem';
import { TimeAgo } from '@/ui/time-ago';
import { GroupForm } from './group-form';
import { type Group, groupQuery, useDeleteGroup } from './groups-api';
import { SetsPanel } from './sets-panel';

const here = '/signed-in/settings/$account/groups/$group';

export function GroupPage() {
  const { account, group: id } = useParams({ from: here });
  const { panel } = useSearch({ from: here });
  const navigate = useNavigate({ from: '/settings/$account/groups/$group' });
  const group = useQuery(groupQuery(account, id));
  useDocumentTitle(`${group.data?.name ?? 'Group'} · Millwright`);
  const show = (open: boolean) =>
    void navigate({
      params: { account, group: id },
      search: open ? { panel: 'sets' } : {},
      replace: true,
    });
  if (group.isError && group.data === undefined)
    return (
      <Page>
        <PageHeader title="Group" />
        <Problem title="This group could not be read" onRetry={() => void group.refetch()}>
          {messageOf(group.error)}
        </Problem>
      </Page>
    );
  if (group.data === undefined)
    return (
      <Page>
        <Skeleton width={240} height={24} />
        <Skeleton height={320} maw={960} />
      </Page>
    );
  return (
    <Page>
      <PageHeader
        title={<bdi>{group.data.name}</bdi>}
        facts={<Facts group={group.data} />}
        actions={
          <>
            <Button variant="default" onClick={() => show(true)}>
              What permission sets allow
            </Button>
            <DeleteButton account={account} group={group.data} />
          </>
        }
      />
      <GroupForm key={id} account={account} group={group.data} />
      <Members account={account} group={id} />
      <SetsPanel account={account} opened={panel === 'sets'} onClose={() => show(false)} />
    </Page>
  );
}

function Facts({ group }: { group: Group }) {
  return (
    <>
      <span>
        {group.member_count} {group.member_count === 1 ? 'member' : 'members'}
      </span>
      {group.scim_managed && <span>kept by the identity provider (SCIM)</span>}
      <span>
        changed <TimeAgo at={group.updated_at} />
      </span>
    </>
  );
}

function Members({ account, group }: { account: number; group: number }) {
  const members = useQuery(membersQuery(account));
  return (
    <Section title="Members" help="Who is in it is chosen on each person's own page.">
      {members.isError ? (
        <Problem title="The members could not be read" onRetry={() => void members.refetch()}>
          {messageOf(members.error)}
        </Problem>
      ) : (
        <MembersTable
          inline
          account={account}
          members={members.data?.filter(({ permissions }) =>
            permissions.some(({ groups }) => groups.some(({ id }) => id === group)),
          )}
        />
      )}
    </Section>
  );
}

function DeleteButton({ account, group }: { account: number; group: Group }) {
  const remove = useDeleteGroup(account);
  const navigate = useNavigate();
  return (
    <ConfirmButton
      word="Delete"
      question={`Delete the group ${group.name}?`}
      pending={remove.isPending}
      error={remove.error ? messageOf(remove.error) : null}
      onConfirm={() =>
        remove.mutate(group.id, {
          onSuccess: () =>
            void navigate({ to: '/settings/$account/groups', params: { account }, replace: true }),
        })
      }
    >
      {group.member_count === 0
        ? 'Nobody is in it.'
        : `${group.member_count} ${group.member_count === 1 ? 'member loses' : 'members lose'} what only this group gives.`}
    </ConfirmButton>
  );
}
