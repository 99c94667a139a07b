import { Button } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { messageOf } from '@/api/errors';
import { type Column, DataTable, rowLink } from '@/ui/data-table';
import { Empty } from '@/ui/empty';
import { Page, Section } from '@/ui/page';
import { PageHeader } from '@/ui/page-header';
import { Problem } from '@/ui/problem';
import { SidePanel } from '@/ui/side-panel';
import { jobNamesQuery, nameOfPerson, peopleQuery } from '../account/names-api';
import { chatQuery, teamsChannelsQuery } from '../chat/chat-api';
import { isOn } from '../chat/chat-facts';
import { ModelNotifications } from './model-notifications';
import { type NotificationRule, rulesQuery } from './notifications-api';
import { byWord, outcomesText, teamsType } from './rule-facts';
import { RulePanel } from './rule-panel';
import { WhatIsSent } from './what-is-sent';

const route = '/signed-in/settings/$account/notifications';

function useColumns(account: number): Column<NotificationRule>[] {
  const { data: people } = useQuery(peopleQuery(account));
  const { data: jobs } = useQuery(jobNamesQuery(account));
  const { environment } = useSearch({ from: route });
  const { data: chat } = useQuery(chatQuery(account));
  const { data: teams } = useQuery({
    ...teamsChannelsQuery(account),
    enabled: isOn(chat?.teams),
  });
  return useMemo(() => {
    const users = new Map((people ?? []).map((person) => [person.id, nameOfPerson(person)]));
    const names = new Map((jobs ?? []).map(({ id, name }) => [id, name]));
    const recipient = (rule: NotificationRule) => {
      if (rule.type === 1) return users.get(rule.user_id) ?? `user #${rule.user_id}`;
      if (rule.type === 4) return rule.external_email;
      if (rule.type === teamsType)
        return teams?.find(({ id }) => id === rule.teams_channel_id)?.name ?? 'a Teams channel';
      return rule.slack_channel_name || rule.slack_channel_id;
    };
    return [
      {
        key: 'who',
        title: 'Who is told',
        width: 'minmax(140px, 1fr)',
        cell: (rule) => (
          <Link
            className={rowLink}
            to="/settings/$account/notifications"
            params={{ account }}
            search={{ panel: rule.id, ...(environment !== undefined && { environment }) }}
          >
            <bdi>{recipient(rule)}</bdi>
          </Link>
        ),
      },
      {
        key: 'by',
        title: 'By',
        width: '88px',
        cell: ({ type }) => byWord(type),
      },
      {
        key: 'when',
        title: 'When a run of these jobs …',
        width: 'minmax(160px, 3fr)',
        wideOnly: true,
        cell: (rule) => outcomesText(rule, names) || 'never',
      },
    ];
  }, [account, people, jobs, environment, teams]);
}

export function NotificationsPage() {
  useDocumentTitle('Notifications · Millwright');
  const { account } = useParams({ from: route });
  const { panel, ...rest } = useSearch({ from: route });
  const navigate = useNavigate({ from: '/settings/$account/notifications' });
  const rules = useQuery(rulesQuery(account));
  const columns = useColumns(account);
  const close = () => void navigate({ search: rest });
  const chosen = rules.data?.find(({ id }) => id === panel);
  const create = (
    <Button
      renderRoot={(props) => (
        <Link
          to="/settings/$account/notifications"
          params={{ account }}
          search={{ ...rest, panel: 'new' }}
          {...props}
        />
      )}
    >
      Create a rule
    </Button>
  );
  return (
    <Page>
      <PageHeader title="Notifications" actions={create} />
      <WhatIsSent account={account} />
      {rules.isError && rules.data === undefined ? (
        <Problem title="The rules could not be read" onRetry={() => void rules.refetch()}>
          {messageOf(rules.error)}
        </Problem>
      ) : rules.data?.length === 0 ? (
        <Empty title="No rules yet">
          A rule says who is to be told when a run of a job fails, succeeds, has warnings or is
          cancelled: a user, an address outside, or a channel of a chat. Terraform’s{' '}
          <code className="mono">dbtcloud_notification</code> makes the same rules.
        </Empty>
      ) : (
        <DataTable
          inline
          label="Notification rules"
          columns={columns}
          rows={rules.data}
          rowKey={({ id }) => id}
        />
      )}
      <Section
        title="Model notifications"
        help="Whether the owners of models are told of them, by environment."
      >
        <ModelNotifications account={account} />
      </Section>
      <SidePanel
        title={panel === 'new' ? 'New rule' : 'Notification rule'}
        opened={panel !== undefined}
        onClose={close}
      >
        {panel === 'new' || chosen !== undefined ? (
          <RulePanel
            key={panel}
            account={account}
            onClose={close}
            {...(chosen && { rule: chosen })}
          />
        ) : (
          rules.data !== undefined && <Problem title="There is no such rule" />
        )}
      </SidePanel>
    </Page>
  );
}
