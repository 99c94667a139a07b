import { Radio, Skeleton, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { messageOf } from '@/api/errors';
import { Section } from '@/ui/page';
import { Problem } from '@/ui/problem';
import type { Repository } from '../repositories/repositories-api';
import { ByApp, ChooseApp } from './by-app';
import { ByToken } from './by-token';
import css from './git-host.module.css';
import {
  type GitHosts,
  gitHostsQuery,
  type HostLink,
  hostLinkQuery,
  useTestLink,
  type Way,
} from './git-hosts-api';
import { installationOf, isOfApp } from './host-standing';
import { LinkForm } from './link-form';

interface GitHostSectionProps {
  account: number;
  repository: Repository;
}

/** How the repository's host tells of pull requests and merges, and is told of runs. */
export function GitHostSection({ account, repository }: GitHostSectionProps) {
  const hosts = useQuery(gitHostsQuery(account));
  const isOn = hosts.data?.links.enabled ?? false;
  const link = useQuery({ ...hostLinkQuery(account, repository), enabled: isOn });
  if (repository.remote_backend === 'managed' || (hosts.data && !hasAny(hosts.data))) return null;
  const failed = [hosts, link].find((each) => each.isError && each.data === undefined);
  const isPending = hosts.data === undefined || (isOn && link.data === undefined);
  return (
    <Section
      title="Git host"
      help="It tells Millwright of pull requests and merges, and is told how their runs go."
    >
      {failed ? (
        <Problem title="The git host could not be read" onRetry={() => void failed.refetch()}>
          {messageOf(failed.error)}
        </Problem>
      ) : isPending ? (
        <Skeleton height={160} />
      ) : (
        <Content
          account={account}
          repository={repository}
          hosts={hosts.data}
          link={isOn ? (link.data ?? null) : null}
        />
      )}
    </Section>
  );
}

/** Whether the operator has any of it on. */
function hasAny({ github_app, links }: GitHosts): boolean {
  return github_app.available || links.available;
}

interface ContentProps extends GitHostSectionProps {
  hosts: GitHosts;
  link: HostLink | null;
}

function Content({ account, repository, hosts, link }: ContentProps) {
  const [secret, setSecret] = useState<string | null>(null);
  const test = useTestLink(account, repository);
  const app = hosts.github_app;
  const installation = installationOf(hosts, repository);
  if (installation !== undefined)
    return (
      <ByApp account={account} repository={repository} app={app} installation={installation} />
    );
  if (link !== null)
    return (
      <ByToken
        account={account}
        repository={repository}
        link={link}
        test={test}
        secret={secret}
        onSecret={setSecret}
      />
    );
  const ways: Way[] = [
    ...(isOfApp(hosts, repository.remote_url) ? ['github_app' as const] : []),
    ...(hosts.links.enabled ? ['links' as const] : []),
  ];
  if (ways.length === 0) return <NoWay account={account} hosts={hosts} />;
  return (
    <Choice
      account={account}
      repository={repository}
      app={app}
      ways={ways}
      onLinked={(made) => {
        setSecret(made.webhook_secret ?? null);
        test.mutate();
      }}
    />
  );
}

function NoWay({ account, hosts }: { account: number; hosts: GitHosts }) {
  return (
    <p className={css.note}>
      {hosts.github_app.enabled
        ? `The GitHub App is for repositories at ${hosts.github_app.base_url} only, and links by a token are off.`
        : 'This account has git hosts switched off.'}{' '}
      <Link to="/settings/$account/integrations" params={{ account }} className={css.link}>
        Look at Integrations
      </Link>
    </p>
  );
}

interface ChoiceProps extends GitHostSectionProps {
  app: GitHosts['github_app'];
  ways: readonly Way[];
  onLinked: (link: HostLink) => void;
}

const words: Record<Way, { label: string; description: string }> = {
  github_app: {
    label: 'By the GitHub App',
    description: 'Fetches the code as well. No token to renew and no webhook to enter.',
  },
  links: {
    label: 'By a token',
    description: 'A token that you make at the host, and a webhook that you enter there.',
  },
};

/** Nothing is set up yet. */
function Choice({ account, repository, app, ways, onLinked }: ChoiceProps) {
  const [way, setWay] = useState<Way>(ways[0] ?? 'links');
  return (
    <div className={css.box}>
      {ways.length > 1 && (
        <Radio.Group
          label="How it is reached"
          value={way}
          onChange={(chosen) => setWay(chosen as Way)}
        >
          <Stack gap="xs" mt={8}>
            {ways.map((each) => (
              <Radio key={each} value={each} {...words[each]} />
            ))}
          </Stack>
        </Radio.Group>
      )}
      {way === 'github_app' ? (
        <ChooseApp account={account} repository={repository} app={app} />
      ) : (
        <LinkForm account={account} repository={repository} link={null} onSaved={onLinked} />
      )}
    </div>
  );
}
