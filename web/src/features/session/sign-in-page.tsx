import { Button, PasswordInput, TextInput } from '@mantine/core';
import { isNotEmpty, useForm } from '@mantine/form';
import { useDocumentTitle } from '@mantine/hooks';
import { IconAlertCircle } from '@tabler/icons-react';
import { Link, useRouter, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { ApiError, messageOf } from '@/api/errors';
import { homeOf } from './next';
import { asksForCode, type Credentials, useSignIn } from './session-api';
import css from './sign-in-page.module.css';
import { SignOnChoices, SignOnOutcome } from './sign-on';

function refusal(error: Error): string {
  if (!(error instanceof ApiError) || asksForCode(error)) return messageOf(error);
  switch (error.kind) {
    case 'unauthenticated':
    case 'invalid':
      return 'The email or the password is not right.';
    case 'limited':
      return 'Too many attempts. Wait a minute and try again.';
    case 'network':
      return 'Millwright cannot be reached. Check the connection and try again.';
    default:
      return error.message;
  }
}

export function SignInPage() {
  useDocumentTitle('Sign in · Millwright');
  const router = useRouter();
  const search = useSearch({ from: '/sign-in' });
  const { next } = search;
  const signIn = useSignIn();
  const form = useForm<Required<Credentials>>({
    mode: 'uncontrolled',
    initialValues: { email: '', password: '', code: '' },
    validate: {
      email: isNotEmpty('Enter your email'),
      password: isNotEmpty('Enter your password'),
    },
  });
  // Once asked for, until somebody else signs in.
  const [codeFor, setCodeFor] = useState<string | null>(null);
  const submit = form.onSubmit(({ code, ...credentials }) =>
    signIn.mutate(codeFor === credentials.email ? { ...credentials, code } : credentials, {
      onSuccess: (session) =>
        void router.navigate({ href: next ?? homeOf(session), replace: true }),
      onError: (error) => {
        if (!asksForCode(error)) return;
        setCodeFor(credentials.email);
        form.setFieldValue('code', '');
      },
    }),
  );
  const firstAsked = asksForCode(signIn.error) && signIn.variables?.code === undefined;
  return (
    <main className={css.page}>
      <div className={css.card}>
        <img src="/favicon.svg" alt="" width={40} height={40} />
        <h1 className={css.title}>Sign in to Millwright</h1>
        {next !== undefined && (
          <p className={css.note}>You will be taken back to where you were headed.</p>
        )}
        <form onSubmit={submit} className={css.form} noValidate>
          {signIn.isIdle && <SignOnOutcome search={search} />}
          {signIn.error && !firstAsked && (
            <div className={css.error} role="alert">
              <IconAlertCircle size={16} aria-hidden="true" />
              {refusal(signIn.error)}
            </div>
          )}
          <TextInput
            label="Email"
            type="email"
            name="email"
            autoComplete="username"
            autoFocus
            size="sm"
            key={form.key('email')}
            {...form.getInputProps('email')}
          />
          <PasswordInput
            label="Password"
            name="password"
            autoComplete="current-password"
            size="sm"
            key={form.key('password')}
            {...form.getInputProps('password')}
          />
          {codeFor !== null && (
            <TextInput
              label="Code"
              description="What your authenticator app shows now, or a recovery code."
              name="code"
              autoComplete="one-time-code"
              autoFocus
              size="sm"
              key={form.key('code')}
              {...form.getInputProps('code')}
            />
          )}
          <Button type="submit" size="sm" fullWidth loading={signIn.isPending}>
            Sign in
          </Button>
        </form>
        <p className={css.note}>
          <Link to="/forgot-password">Forgot your password?</Link>
        </p>
        <SignOnChoices next={next} />
      </div>
    </main>
  );
}
