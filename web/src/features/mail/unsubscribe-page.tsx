import { Button } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { IconAlertCircle } from '@tabler/icons-react';
import { useLocation, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { messageOf } from '@/api/errors';
import css from '../session/sign-in-page.module.css';
import { useStopEmails } from './mail-api';

/**
 * The token of the link that led here: it is in the fragment, which no server sees, and is taken out of the address so
 * that neither the history nor a screenshot keeps it.
 */
function useToken(): string {
  const hash = useLocation({ select: (location) => location.hash });
  const navigate = useNavigate();
  const [token, setToken] = useState(hash);
  useEffect(() => {
    if (hash === '') return;
    setToken(hash);
    void navigate({ to: '/unsubscribe', replace: true });
  }, [hash, navigate]);
  return token;
}

/** Where an e-mail's own link leads that ends such e-mails. Nobody has to sign in, and opening it alone ends nothing. */
export function UnsubscribePage() {
  useDocumentTitle('Stop e-mails · Millwright');
  const token = useToken();
  return (
    <main className={css.page}>
      <div className={css.card}>
        <img src="/favicon.svg" alt="" width={40} height={40} />
        <h1 className={css.title}>Stop e-mails</h1>
        {token === '' ? (
          <p className={css.note}>
            This link is not whole. Open it from an e-mail that Millwright has sent you.
          </p>
        ) : (
          <Stop key={token} token={token} />
        )}
      </div>
    </main>
  );
}

function Stop({ token }: { token: string }) {
  const stop = useStopEmails();
  if (stop.isSuccess) {
    return (
      <p className={css.note} role="status">
        They have stopped: e-mails like the one with this link no longer go to{' '}
        <bdi>{stop.data.recipient}</bdi>.
      </p>
    );
  }
  return (
    <>
      <p className={css.note}>
        You are told by e-mail when certain runs end. If you do not want that any more, stop it
        here.
      </p>
      <div className={css.form}>
        {stop.error && (
          <div className={css.error} role="alert">
            <IconAlertCircle size={16} aria-hidden="true" />
            {messageOf(stop.error)}
          </div>
        )}
        <Button size="sm" fullWidth loading={stop.isPending} onClick={() => stop.mutate(token)}>
          Stop these e-mails
        </Button>
      </div>
    </>
  );
}
