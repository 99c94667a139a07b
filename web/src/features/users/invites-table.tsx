import { Button, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { groupsQuery } from '@/features/groups/groups-api';
import { AboveLink, type Column, DataTable } from '@/ui/data-table';
import { Empty } from '@/ui/empty';
import { ErrorSummary } from '@/ui/form/form';
import { TimeAgo } from '@/ui/time-ago';
import { useCoarseNow } from '@/ui/use-now';
import { licenceWord } from './licence';
import { isExpired } from './member';
import { type Invite, type SentInvites, useInvite, useWithdrawInvite } from './users-api';
import css from './users-page.module.css';

interface InvitesTableProps {
  account: number;
  invites: readonly Invite[] | undefined;
  sought: boolean;
  onSent: (sent: SentInvites) => void;
}

export function InvitesTable({ account, invites, sought, onSent }: InvitesTableProps) {
  const groups = useQuery(groupsQuery(account)).data ?? [];
  const invite = useInvite(account);
  const withdraw = useWithdrawInvite(account);
  const now = useCoarseNow(60_000);
  if (invites?.length === 0)
    return sought ? (
      <Empty title="No such invitation">Addresses of open invitations are searched.</Empty>
    ) : (
      <Empty title="No open invitations">
        An invitation is a link by which somebody joins this account, with the licence and the
        groups that you choose. Those that nobody has taken up yet are listed here.
      </Empty>
    );
  const again = ({ email_address, license_type, group_ids }: Invite) =>
    invite.mutate(
      { email_addresses: [email_address], license_type, group_ids },
      { onSuccess: onSent },
    );
  const namesOf = (ids: readonly number[]) =>
    groups
      .filter(({ id }) => ids.includes(id))
      .map(({ name }) => name)
      .join(', ');
  const columns: Column<Invite>[] = [
    {
      key: 'address',
      title: 'E-mail',
      width: 'minmax(180px, 3fr)',
      cell: ({ email_address }) => email_address,
    },
    {
      key: 'licence',
      title: 'Licence',
      width: '96px',
      cell: ({ license_type }) => licenceWord(license_type),
      wideOnly: true,
    },
    {
      key: 'groups',
      title: 'Groups',
      width: 'minmax(120px, 2fr)',
      cell: ({ group_ids }) => <bdi>{namesOf(group_ids) || '–'}</bdi>,
      wideOnly: true,
    },
    {
      key: 'sent',
      title: 'Made',
      width: '112px',
      cell: ({ created_at }) => (
        <AboveLink>
          <TimeAgo at={created_at} />
        </AboveLink>
      ),
      wideOnly: true,
    },
    {
      key: 'state',
      title: 'State',
      width: '72px',
      cell: (each) => (isExpired(each, now) ? 'Expired' : 'Open'),
    },
    {
      key: 'again',
      title: 'Link',
      width: '176px',
      align: 'right',
      cell: (each) => (
        <Group gap={8} wrap="nowrap" justify="flex-end">
          <Button
            size="compact-xs"
            variant="default"
            disabled={invite.isPending}
            aria-label={`New link for ${each.email_address}`}
            onClick={() => again(each)}
          >
            New link
          </Button>
          <Button
            size="compact-xs"
            variant="default"
            color="red"
            disabled={withdraw.isPending}
            aria-label={`Withdraw the invitation of ${each.email_address}`}
            onClick={() => withdraw.mutate(each.id)}
          >
            Withdraw
          </Button>
        </Group>
      ),
    },
  ];
  return (
    <>
      {invite.error && <ErrorSummary error={invite.error} shown={[]} />}
      {withdraw.error && <ErrorSummary error={withdraw.error} shown={[]} />}
      <p className={css.note}>
        A link is shown once, when it is made. A new one ends the one before it.
      </p>
      <DataTable label="Invitations" columns={columns} rows={invites} rowKey={({ id }) => id} />
    </>
  );
}
