import { Button, PasswordInput, TextInput } from '@mantine/core';
import { isNotEmpty, useForm } from '@mantine/form';
import { useDocumentTitle } from '@mantine/hooks';
import { IconAlertCircle } from '@tabler/icons-react';
import { useLocation, useRouter } from '@tanstack/react-router';
import { messageOf } from '@/api/errors';
import { homeOf } from './next';
import { leastPassword, passwordProblem } from './password';
import { type Newcomer, useAcceptInvite } from './session-api';
import css from './sign-in-page.module.css';

type Fields = Omit<Newcomer, 'token'> & { again: string };

/** Where the link of an invitation leads; its token is in the fragment, which no server sees. */
export function InvitePage() {
  useDocumentTitle('Invitation · Millwright');
  const router = useRouter();
  const token = useLocation({ select: (location) => location.hash });
  const accept = useAcceptInvite();
  const form = useForm<Fields>({
    mode: 'uncontrolled',
    initialValues: { first_name: '', last_name: '', password: '', again: '' },
    validate: {
      first_name: isNotEmpty('Enter your first name'),
      password: passwordProblem,
      again: (text, fields) => (text === fields.password ? null : 'The two are not the same'),
    },
  });
  const submit = form.onSubmit(({ again: _, ...fields }) =>
    accept.mutate(
      { token, ...fields },
      { onSuccess: (session) => void router.navigate({ href: homeOf(session), replace: true }) },
    ),
  );
  return (
    <main className={css.page}>
      <div className={css.card}>
        <img src="/favicon.svg" alt="" width={40} height={40} />
        <h1 className={css.title}>Join Millwright</h1>
        {token === '' ? (
          <p className={css.note}>
            This link is not whole. Open it from the invitation itself, or ask for another one.
          </p>
        ) : (
          <>
            <p className={css.note}>
              You were invited. Say who you are, and choose a password to sign in with.
            </p>
            <form onSubmit={submit} className={css.form} noValidate>
              {accept.error && (
                <div className={css.error} role="alert">
                  <IconAlertCircle size={16} aria-hidden="true" />
                  {messageOf(accept.error)}
                </div>
              )}
              <TextInput
                label="First name"
                autoComplete="given-name"
                autoFocus
                key={form.key('first_name')}
                {...form.getInputProps('first_name')}
              />
              <TextInput
                label="Last name"
                autoComplete="family-name"
                key={form.key('last_name')}
                {...form.getInputProps('last_name')}
              />
              <PasswordInput
                label="Password"
                description={`At least ${leastPassword} characters`}
                autoComplete="new-password"
                key={form.key('password')}
                {...form.getInputProps('password')}
              />
              <PasswordInput
                label="Password again"
                autoComplete="new-password"
                key={form.key('again')}
                {...form.getInputProps('again')}
              />
              <Button type="submit" size="sm" fullWidth loading={accept.isPending}>
                Join
              </Button>
            </form>
          </>
        )}
      </div>
    </main>
  );
}
