import { messageOf } from '@/api/errors';
import { ConfirmButton } from '@/ui/confirm-button';
import { StateBadge } from '@/ui/state-badge';
import { ConnectGithub } from './connect-github';
import css from './git-host.module.css';
import { type GitHosts, type Installation, useDisconnectGithub } from './git-hosts-api';
import { standingOfInstallation } from './host-standing';

interface InstallationsProps {
  account: number;
  app: GitHosts['github_app'];
}

/** Where on GitHub the account works by the App. */
export function Installations({ account, app }: InstallationsProps) {
  return (
    <>
      {app.installations.length > 0 && (
        <ul className={css.list} aria-label="Connected on GitHub">
          {app.installations.map((installation) => (
            <InstallationLine key={installation.id} account={account} installation={installation} />
          ))}
        </ul>
      )}
      <div className={css.head}>
        <ConnectGithub
          account={account}
          {...(app.installations.length > 0 && { word: 'Connect another', variant: 'default' })}
        />
        {app.configure_url !== null && (
          <a href={app.configure_url} target="_blank" rel="noreferrer" className={css.link}>
            Change which repositories the App has
          </a>
        )}
      </div>
    </>
  );
}

interface LineProps {
  account: number;
  installation: Installation;
}

function InstallationLine({ account, installation }: LineProps) {
  const disconnect = useDisconnectGithub(account);
  const { state, word, reason, remedy } = standingOfInstallation(installation);
  return (
    <li className={css.line}>
      <bdi className={css.name}>{installation.login}</bdi>
      <StateBadge state={state} word={word} variant="plain" />
      <ConfirmButton
        word="Disconnect"
        question={`Disconnect ${installation.login}?`}
        pending={disconnect.isPending}
        error={disconnect.error && messageOf(disconnect.error)}
        onConfirm={(close) => disconnect.mutate(installation.id, { onSuccess: close })}
      >
        Its repositories are no longer fetched by the App, their pull requests start no runs, and
        GitHub is told of none. The App stays installed on GitHub until you remove it there.
      </ConfirmButton>
      {remedy !== null && (
        <p className={css.note}>
          {reason !== null && <span dir="auto">{reason} </span>}
          {remedy}
        </p>
      )}
    </li>
  );
}
