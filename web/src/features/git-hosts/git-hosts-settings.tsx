import { Skeleton, Switch } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { messageOf } from '@/api/errors';
import { Section } from '@/ui/page';
import { Problem } from '@/ui/problem';
import { connectOutcome } from './connect-outcome';
import css from './git-host.module.css';
import { type GitHosts, gitHostsQuery, useSwitchWay, type Way } from './git-hosts-api';
import { Installations } from './installations';
import { Trouble } from './trouble';

interface GitHostsSettingsProps {
  account: number;
  /** What came of a visit to GitHub. */
  outcome: string | undefined;
}

/** The account's own switches, and where on GitHub it works. */
export function GitHostsSettings({ account, outcome }: GitHostsSettingsProps) {
  const query = useQuery(gitHostsQuery(account));
  const hosts = query.data;
  if (hosts && !hosts.github_app.available && !hosts.links.available) return null;
  const told = connectOutcome(outcome);
  return (
    <Section
      title="Git hosts"
      help="They tell of pull requests and merges, and are told how runs go. Each repository says how it is reached."
    >
      {told !== null && (
        <Trouble tone={told.tone}>
          <p>{told.words}</p>
        </Trouble>
      )}
      {query.isError && hosts === undefined ? (
        <Problem title="The git hosts could not be read" onRetry={() => void query.refetch()}>
          {messageOf(query.error)}
        </Problem>
      ) : hosts === undefined ? (
        <Skeleton height={180} />
      ) : (
        <Switches account={account} hosts={hosts} />
      )}
    </Section>
  );
}

function Switches({ account, hosts }: { account: number; hosts: GitHosts }) {
  const change = useSwitchWay(account);
  // What was pressed is shown while it is being saved.
  const isOn = (way: Way) =>
    (change.isPending ? change.variables[way] : undefined) ?? hosts[way].enabled;
  const app = hosts.github_app;
  return (
    <div className={css.box}>
      {app.available && (
        <>
          <Switch
            label="GitHub App"
            description="Fetches repositories on GitHub, hears of their pull requests and reports runs there, without tokens."
            checked={isOn('github_app')}
            onChange={({ currentTarget: { checked } }) => change.mutate({ github_app: checked })}
          />
          {app.enabled && <Installations account={account} app={app} />}
        </>
      )}
      {hosts.links.available && (
        <Switch
          label="Links by a token"
          description="Repositories on GitHub, GitLab, Azure DevOps, Gitea and Forgejo, each by a token and a webhook of its own."
          checked={isOn('links')}
          onChange={({ currentTarget: { checked } }) => change.mutate({ links: checked })}
        />
      )}
      {change.error && (
        <p role="alert" className={css.wrong}>
          {messageOf(change.error)}
        </p>
      )}
    </div>
  );
}
