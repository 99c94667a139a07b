import { Button, Skeleton, TextInput } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { messageOf } from '@/api/errors';
import { FilterChip, FilterChips } from '@/ui/filter-chip';
import { Page } from '@/ui/page';
import { PageHeader } from '@/ui/page-header';
import { Problem } from '@/ui/problem';
import { InvitePanel } from './invite-panel';
import { InvitesTable } from './invites-table';
import { matches } from './member';
import { MembersTable } from './members-table';
import type { UsersSearch } from './search';
import { invitesQuery, membersQuery, type SentInvites } from './users-api';
import css from './users-page.module.css';

const here = '/signed-in/settings/$account/users';

export function UsersPage() {
  useDocumentTitle('Users · Millwright');
  const { account } = useParams({ from: here });
  const search = useSearch({ from: here });
  const navigate = useNavigate({ from: '/settings/$account/users' });
  const [sent, setSent] = useState<SentInvites | null>(null);
  const members = useQuery(membersQuery(account));
  const invites = useQuery(invitesQuery(account));
  const go = (next: UsersSearch) =>
    void navigate({ params: { account }, search: next, replace: true });
  const { panel: _panel, ...behind } = search;
  const { view: _view, ...membersSearch } = behind;
  const { q: _q, ...withoutQ } = search;
  const shown = search.view === 'invitations' ? invites : members;
  return (
    <Page kind="list">
      <PageHeader
        title="Users"
        aside={<Count value={members.data?.length} failed={members.isError} />}
        actions={<Button onClick={() => go({ ...behind, panel: 'invite' })}>Invite people</Button>}
      />
      <div className={css.filters}>
        <FilterChips label="Which people">
          <FilterChip active={search.view === undefined} onToggle={() => go(membersSearch)}>
            Members
          </FilterChip>
          <FilterChip
            active={search.view === 'invitations'}
            onToggle={() => go({ ...behind, view: 'invitations' })}
          >
            Invitations
            {invites.data !== undefined && invites.data.length > 0 && (
              <span className="tabular">{invites.data.length}</span>
            )}
          </FilterChip>
        </FilterChips>
        <TextInput
          className={css.search}
          aria-label="Search people"
          placeholder="Name, e-mail or group"
          leftSection={<IconSearch size={14} aria-hidden="true" />}
          value={search.q ?? ''}
          onChange={({ currentTarget: { value } }) =>
            go(value === '' ? withoutQ : { ...search, q: value })
          }
        />
      </div>
      {shown.isError ? (
        <Problem title="The people could not be read" onRetry={() => void shown.refetch()}>
          {messageOf(shown.error)}
        </Problem>
      ) : search.view === 'invitations' ? (
        <InvitesTable
          account={account}
          invites={invites.data?.filter(({ email_address }) =>
            email_address.includes((search.q ?? '').trim().toLowerCase()),
          )}
          sought={search.q !== undefined}
          onSent={setSent}
        />
      ) : (
        <MembersTable
          account={account}
          members={members.data?.filter((member) => matches(member, search.q ?? ''))}
        />
      )}
      <InvitePanel
        account={account}
        opened={search.panel === 'invite'}
        sent={sent}
        onSent={setSent}
        onClose={() => {
          setSent(null);
          go(behind);
        }}
      />
    </Page>
  );
}

function Count({ value, failed }: { value: number | undefined; failed: boolean }) {
  if (failed) return null;
  if (value === undefined) return <Skeleton width={64} height={12} />;
  return (
    <span className="tabular">
      {value.toLocaleString('en')} {value === 1 ? 'member' : 'members'}
    </span>
  );
}
