import { Button, PasswordInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useDocumentTitle } from '@mantine/hooks';
import { IconAlertCircle } from '@tabler/icons-react';
import { Link, useLocation } from '@tanstack/react-router';
import { messageOf } from '@/api/errors';
import { passwordProblem } from './password';
import { useResetPassword } from './session-api';
import css from './sign-in-page.module.css';

/** Where a link for a new password leads; its token is in the fragment, which no server sees. */
export function ResetPasswordPage() {
  useDocumentTitle('New password · Millwright');
  const token = useLocation({ select: (location) => location.hash });
  const reset = useResetPassword();
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { password: '', again: '' },
    validate: {
      password: passwordProblem,
      again: (text, fields) => (text === fields.password ? null : 'The two are not the same'),
    },
  });
  return (
    <main className={css.page}>
      <div className={css.card}>
        <img src="/favicon.svg" alt="" width={40} height={40} />
        <h1 className={css.title}>Choose a new password</h1>
        {token === '' ? (
          <p className={css.note}>
            This link is not whole. Open it from where you were given it, or ask for another one.
          </p>
        ) : reset.isSuccess ? (
          <>
            <p className={css.note} role="status">
              The new password of {reset.data.email_address} is set, and all its sessions have
              ended.
            </p>
            <Button
              size="sm"
              fullWidth
              renderRoot={(props) => <Link to="/sign-in" search={{}} {...props} />}
            >
              Sign in
            </Button>
          </>
        ) : (
          <form
            onSubmit={form.onSubmit(({ password }) => reset.mutate({ token, password }))}
            className={css.form}
            noValidate
          >
            {reset.error && (
              <div className={css.error} role="alert">
                <IconAlertCircle size={16} aria-hidden="true" />
                {messageOf(reset.error)}
              </div>
            )}
            <PasswordInput
              label="New password"
              autoComplete="new-password"
              autoFocus
              size="sm"
              key={form.key('password')}
              {...form.getInputProps('password')}
            />
            <PasswordInput
              label="New password again"
              autoComplete="new-password"
              size="sm"
              key={form.key('again')}
              {...form.getInputProps('again')}
            />
            <Button type="submit" size="sm" fullWidth loading={reset.isPending}>
              Set the password
            </Button>
          </form>
        )}
      </div>
    </main>
  );
}
