import { Button, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useDocumentTitle } from '@mantine/hooks';
import { IconAlertCircle } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { messageOf } from '@/api/errors';
import { emailProblem } from './email';
import { useAskForReset } from './session-api';
import css from './sign-in-page.module.css';

/** Asks for a link to `/reset-password`. Whether somebody has the address is told to nobody. */
export function ForgotPasswordPage() {
  useDocumentTitle('Forgot your password? · Millwright');
  const ask = useAskForReset();
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { email: '' },
    validate: { email: emailProblem },
  });
  return (
    <main className={css.page}>
      <div className={css.card}>
        <img src="/favicon.svg" alt="" width={40} height={40} />
        <h1 className={css.title}>Forgot your password?</h1>
        {ask.isSuccess ? (
          <p className={css.note} role="status">
            If somebody here has this address, a link is on its way.
          </p>
        ) : (
          <>
            <p className={css.note}>
              A link by which you choose a new one is sent to your e-mail address.
            </p>
            <form
              onSubmit={form.onSubmit(({ email }) => ask.mutate(email.trim()))}
              className={css.form}
              noValidate
            >
              {ask.error && (
                <div className={css.error} role="alert">
                  <IconAlertCircle size={16} aria-hidden="true" />
                  {messageOf(ask.error)}
                </div>
              )}
              <TextInput
                label="E-mail address"
                type="email"
                name="email"
                autoComplete="username"
                autoFocus
                maxLength={320}
                size="sm"
                key={form.key('email')}
                {...form.getInputProps('email')}
              />
              <Button type="submit" size="sm" fullWidth loading={ask.isPending}>
                Send me a link
              </Button>
            </form>
          </>
        )}
        <p className={css.note}>
          If no link comes, an administrator of your account can make one for you.{' '}
          <Link to="/sign-in" search={{}}>
            Back to sign in
          </Link>
        </p>
      </div>
    </main>
  );
}
