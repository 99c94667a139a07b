import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { sessionQuery } from '@/features/session/session-api';
import { AboveLink, type Column, DataTable, rowLink } from '@/ui/data-table';
import { Empty } from '@/ui/empty';
import { TimeAgo } from '@/ui/time-ago';
import { licenceWord } from './licence';
import { groupNames, membershipOf, nameOf } from './member';
import type { Member } from './users-api';
import css from './users-page.module.css';

interface MembersTableProps {
  account: number;
  members: readonly Member[] | undefined;
  /** Within a page that scrolls itself. */
  inline?: boolean;
}

export function MembersTable({ account, members, inline = false }: MembersTableProps) {
  const self = useQuery(sessionQuery).data?.user.id;
  if (members?.length === 0)
    return inline ? (
      <p className={css.note}>Nobody is in it yet.</p>
    ) : (
      <Empty title="Nobody like that">
        Names, e-mail addresses and groups are searched. Whoever was invited and has not come yet is
        among the invitations.
      </Empty>
    );
  const columns: Column<Member>[] = [
    {
      key: 'name',
      title: 'Name',
      width: 'minmax(140px, 2fr)',
      cell: (member) => (
        <>
          <Link
            to="/settings/$account/users/$user"
            params={{ account, user: member.id }}
            className={rowLink}
          >
            <bdi>{nameOf(member)}</bdi>
          </Link>
          {member.id === self && <span className={css.self}>you</span>}
        </>
      ),
    },
    {
      key: 'email',
      title: 'E-mail',
      width: 'minmax(160px, 2fr)',
      cell: ({ email }) => email,
      wideOnly: true,
    },
    {
      key: 'licence',
      title: 'Licence',
      width: '96px',
      cell: (member) => licenceWord(membershipOf(member)?.license_type ?? '–'),
    },
    {
      key: 'groups',
      title: 'Groups',
      width: 'minmax(140px, 2fr)',
      cell: (member) => <bdi title={groupNames(member)}>{groupNames(member) || '–'}</bdi>,
      wideOnly: true,
    },
    {
      key: 'seen',
      title: 'Last sign-in',
      width: '112px',
      cell: ({ last_login }) => (
        <AboveLink>
          <TimeAgo at={last_login} absent="Never" />
        </AboveLink>
      ),
      align: 'right',
    },
  ];
  return (
    <DataTable
      label="Members"
      columns={columns}
      rows={members}
      rowKey={({ id }) => id}
      inline={inline}
    />
  );
}
