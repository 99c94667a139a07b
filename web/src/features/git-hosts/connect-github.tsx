import { Button } from '@mantine/core';
import { messageOf } from '@/api/errors';
import css from './git-host.module.css';
import { useConnectGithub } from './git-hosts-api';

interface ConnectGithubProps {
  account: number;
  word?: string;
  variant?: 'filled' | 'default';
}

/** Leads to GitHub, where one installs the App or lets it say where it is installed. */
export function ConnectGithub({ account, word, variant = 'filled' }: ConnectGithubProps) {
  const connect = useConnectGithub(account);
  return (
    <>
      <Button
        variant={variant}
        loading={connect.isPending || connect.isSuccess}
        onClick={() =>
          connect.mutate('install', { onSuccess: (url) => window.location.assign(url) })
        }
      >
        {word ?? 'Connect GitHub'}
      </Button>
      {connect.error && (
        <p role="alert" className={css.wrong}>
          {messageOf(connect.error)}
        </p>
      )}
    </>
  );
}
