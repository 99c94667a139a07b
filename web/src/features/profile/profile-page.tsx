import { TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useDocumentTitle } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import type { User } from '@/api/types';
import { PasswordSection } from '@/features/session/password-section';
import { SecondFactorSection } from '@/features/session/second-factor-section';
import { sessionQuery } from '@/features/session/session-api';
import { licenceMeaning, licenceWord } from '@/features/users/licence';
import { groupNames, membershipOf } from '@/features/users/member';
import { memberQuery } from '@/features/users/users-api';
import { Fact, Facts } from '@/ui/facts';
import { Form, fieldErrors } from '@/ui/form/form';
import { Page, Section } from '@/ui/page';
import { PageHeader } from '@/ui/page-header';
import { TimeAgo } from '@/ui/time-ago';
import { PersonalTokens } from './personal-tokens';
import { type Names, useRename } from './profile-api';
import css from './profile-page.module.css';

const here = '/signed-in/settings/$account/profile';

export function ProfilePage() {
  useDocumentTitle('Profile · Millwright');
  const { account } = useParams({ from: here });
  const { token } = useSearch({ from: here });
  const navigate = useNavigate({ from: '/settings/$account/profile' });
  const user = useQuery(sessionQuery).data?.user;
  if (user === undefined) return null;
  return (
    <Page kind="text">
      <PageHeader title="Profile" />
      <NamesForm account={account} user={user} />
      <Standing account={account} user={user} />
      <div className={css.names}>
        <PasswordSection />
        <SecondFactorSection />
      </div>
      <PersonalTokens
        account={account}
        user={user.id}
        making={token === 'new'}
        onMake={(making) =>
          void navigate({
            params: { account },
            search: making ? { token: 'new' } : {},
            replace: true,
          })
        }
      />
    </Page>
  );
}

function NamesForm({ account, user }: { account: number; user: User }) {
  const rename = useRename(account, user.id);
  const form = useForm<Names>({
    initialValues: { first_name: user.first_name, last_name: user.last_name },
    validate: { first_name: (name) => (name.trim() === '' ? 'Enter your first name' : null) },
  });
  const submit = form.onSubmit((names) =>
    rename.mutate(names, {
      onSuccess: () => form.resetDirty(),
      onError: (error) => form.setErrors(fieldErrors(error)),
    }),
  );
  const saved = rename.isSuccess && !form.isDirty();
  return (
    <Section title="Your name">
      <Form
        label="Your name"
        onSubmit={submit}
        error={rename.error}
        shown={['first_name', 'last_name']}
        pending={rename.isPending}
        dirty={form.isDirty()}
        beside={saved ? <span role="status">Saved</span> : undefined}
      >
        <div className={css.names}>
          <TextInput
            label="First name"
            autoComplete="given-name"
            {...form.getInputProps('first_name')}
          />
          <TextInput
            label="Last name"
            autoComplete="family-name"
            {...form.getInputProps('last_name')}
          />
        </div>
      </Form>
    </Section>
  );
}

function Standing({ account, user }: { account: number; user: User }) {
  const member = useQuery(memberQuery(account, user.id)).data;
  const membership = member ? membershipOf(member) : null;
  return (
    <Section title="In this account">
      <Facts>
        <Fact name="E-mail">{user.email}</Fact>
        <Fact name="Licence">
          {membership
            ? `${licenceWord(membership.license_type)}. ${licenceMeaning(membership.license_type)}`
            : '–'}
        </Fact>
        <Fact name="Groups">
          <bdi>{member ? groupNames(member) || 'None' : '–'}</bdi>
        </Fact>
        <Fact name="Member since">
          <TimeAgo at={membership?.created_at} />
        </Fact>
      </Facts>
    </Section>
  );
}
