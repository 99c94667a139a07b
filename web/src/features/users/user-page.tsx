import { Skeleton } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { messageOf } from '@/api/errors';
import { sessionQuery } from '@/features/session/session-api';
import { ConfirmButton } from '@/ui/confirm-button';
import { CopyText } from '@/ui/copy';
import { Page, Section } from '@/ui/page';
import { PageHeader } from '@/ui/page-header';
import { Problem } from '@/ui/problem';
import { TimeAgo } from '@/ui/time-ago';
import { LettingIn } from './letting-in';
import { membershipOf, nameOf } from './member';
import { SeatForm } from './seat-form';
import { type Member, type Membership, memberQuery, useRemoveMember } from './users-api';

export function UserPage() {
  const { account, user } = useParams({ from: '/signed-in/settings/$account/users/$user' });
  const member = useQuery(memberQuery(account, user));
  const self = useQuery(sessionQuery).data?.user.id;
  useDocumentTitle(`${member.data ? nameOf(member.data) : 'User'} · Millwright`);
  if (member.isError)
    return (
      <Page>
        <PageHeader title="User" />
        <Problem title="This person could not be read" onRetry={() => void member.refetch()}>
          {messageOf(member.error)}
        </Problem>
      </Page>
    );
  const membership = member.data ? membershipOf(member.data) : null;
  if (member.data === undefined || membership === null)
    return (
      <Page>
        <Skeleton width={240} height={24} />
        <Skeleton height={180} maw={760} />
      </Page>
    );
  const own = member.data.id === self;
  return (
    <Page>
      <PageHeader
        title={<bdi>{nameOf(member.data)}</bdi>}
        aside={own ? 'you' : undefined}
        facts={<Facts member={member.data} membership={membership} />}
        actions={
          own ? undefined : (
            <RemoveButton account={account} member={member.data} membership={membership} />
          )
        }
      />
      <Section title="Licence and groups">
        <SeatForm account={account} member={member.data} membership={membership} own={own} />
      </Section>
      {!own && <LettingIn account={account} member={member.data} />}
    </Page>
  );
}

function Facts({ member, membership }: { member: Member; membership: Membership }) {
  return (
    <>
      <CopyText text={member.email} what="e-mail address">
        {member.email}
      </CopyText>
      <span>
        joined <TimeAgo at={membership.created_at} />
      </span>
      <span>
        last sign-in <TimeAgo at={member.last_login} absent="never" />
      </span>
      <span>
        last use of a token <TimeAgo at={member.apitoken_last_used} absent="never" />
      </span>
    </>
  );
}

interface RemoveButtonProps {
  account: number;
  member: Member;
  membership: Membership;
}

function RemoveButton({ account, member, membership }: RemoveButtonProps) {
  const remove = useRemoveMember(account);
  const navigate = useNavigate();
  return (
    <ConfirmButton
      word="Remove"
      question={`Remove ${nameOf(member)} from this account?`}
      pending={remove.isPending}
      error={remove.error ? messageOf(remove.error) : null}
      onConfirm={() =>
        remove.mutate(
          { membership: membership.id, licence: membership.license_type },
          {
            onSuccess: () =>
              void navigate({ to: '/settings/$account/users', params: { account }, replace: true }),
          },
        )
      }
    >
      Their sessions and personal tokens stop working here, and their seat is free again. What they
      have made stays. An invitation cannot bring them back: {member.email} keeps its entry on this
      appliance, and an identity provider (SCIM) alone can let it in again.
    </ConfirmButton>
  );
}
