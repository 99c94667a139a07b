import { Button, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { messageOf } from '@/api/errors';
import { ConfirmButton } from '@/ui/confirm-button';
import type { Repository } from '../repositories/repositories-api';
import { AppRepositorySelect } from './app-repository-select';
import { ConnectGithub } from './connect-github';
import css from './git-host.module.css';
import {
  type AppRepository,
  appRepositoriesQuery,
  type GitHosts,
  type Installation,
  useChangeApp,
} from './git-hosts-api';
import { standingOfInstallation } from './host-standing';
import { StandingWords } from './standing-words';

interface ByAppProps {
  account: number;
  repository: Repository;
  app: GitHosts['github_app'];
}

function OnGithub({ href }: { href: string | null }) {
  if (href === null) return null;
  return (
    <a href={href} target="_blank" rel="noreferrer" className={css.link}>
      Change which repositories the App has
    </a>
  );
}

/** The GitHub App opens the repository already. */
export function ByApp(props: ByAppProps & { installation: Installation }) {
  const { account, repository, app, installation } = props;
  const change = useChangeApp(account, repository);
  return (
    <div className={css.box}>
      <StandingWords
        title={
          <>
            GitHub App, at <bdi>{installation.login}</bdi>
          </>
        }
        standing={standingOfInstallation(installation)}
        since={installation.broken_since}
      />
      <p className={css.note}>
        GitHub tells of pull requests and merges, and shows at their commits how runs go. Nothing is
        to be entered there.
      </p>
      <Group gap="xs">
        <ConfirmButton
          word="Stop using the App"
          question="Stop using the GitHub App for this repository?"
          pending={change.isPending}
          error={change.error && messageOf(change.error)}
          onConfirm={(close) => change.mutate(null, { onSuccess: close })}
        >
          Pull requests and merges start no runs any more, and a private repository can’t be fetched
          until it has a token.
        </ConfirmButton>
        <OnGithub href={app.configure_url} />
      </Group>
    </div>
  );
}

/** GitHub does not care for the case. */
function isSame(fullName: string, { full_name }: Repository): boolean {
  return fullName.toLowerCase() === full_name.toLowerCase();
}

/** To let the App open the repository: where it is installed, and which one it is. */
export function ChooseApp({ account, repository, app }: ByAppProps) {
  // The repository itself, until another one is chosen.
  const own = useQuery(appRepositoriesQuery(account, repository.full_name));
  const same = own.data?.repositories.find(({ full_name }) => isSame(full_name, repository));
  const [other, setChosen] = useState<AppRepository | null>();
  const chosen = other === undefined ? (same ?? null) : other;
  const change = useChangeApp(account, repository);
  if (app.installations.length === 0)
    return (
      <>
        <p className={css.note}>
          Install the App at GitHub for whoever owns the repository. You come back to Integrations
          then; go on here afterwards.
        </p>
        <div>
          <ConnectGithub account={account} />
        </div>
      </>
    );
  const isOther = chosen !== null && !isSame(chosen.full_name, repository);
  return (
    <>
      <p className={css.note}>
        The App is installed at <bdi>{app.installations.map(({ login }) => login).join(', ')}</bdi>.{' '}
        <OnGithub href={app.configure_url} />
      </p>
      <AppRepositorySelect account={account} chosen={chosen} onChoose={setChosen} />
      {own.isSuccess && same === undefined && (
        <p className={css.note}>
          The App does not have <bdi>{repository.full_name}</bdi> yet. Give it to the App on GitHub,
          then come back.
        </p>
      )}
      {isOther && (
        <p className={css.note}>
          It takes the place of <bdi>{repository.full_name}</bdi>: from then on, runs fetch{' '}
          <bdi>{chosen.full_name}</bdi>.
        </p>
      )}
      {change.error && (
        <p role="alert" className={css.wrong}>
          {messageOf(change.error)}
        </p>
      )}
      <Group gap="xs">
        <Button
          disabled={chosen === null}
          loading={change.isPending}
          onClick={() => change.mutate(chosen)}
        >
          Use the App
        </Button>
        <ConnectGithub account={account} word="Connect another" variant="default" />
      </Group>
    </>
  );
}
