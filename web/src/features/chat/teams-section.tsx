import { Button, Switch } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { messageOf } from '@/api/errors';
import { AboveLink, type Column, DataTable, rowLink } from '@/ui/data-table';
import { Section } from '@/ui/page';
import { Problem } from '@/ui/problem';
import { SidePanel } from '@/ui/side-panel';
import css from './chat.module.css';
import {
  type ServiceState,
  type TeamsChannel,
  teamsChannelsQuery,
  useSwitchChat,
  useTestTeams,
} from './chat-api';
import { Notice } from './notice';
import type { ChatSearch } from './search-params';
import { TeamsPanel } from './teams-panel';

const route = '/signed-in/settings/$account/chat';

/** The account's own switch, and its channels by the addresses of their workflows. */
export function TeamsSection({ account, teams }: { account: number; teams: ServiceState }) {
  const change = useSwitchChat(account);
  const search = useSearch({ from: route });
  // What was pressed is shown while it is being saved.
  const enabled = change.isPending ? (change.variables.teams ?? teams.enabled) : teams.enabled;
  const add = teams.enabled && (
    <Button
      variant="default"
      renderRoot={(props) => (
        <Link
          to="/settings/$account/chat"
          params={{ account }}
          search={{ ...search, channel: 'new' }}
          {...props}
        />
      )}
    >
      Add a Teams channel
    </Button>
  );
  return (
    <Section
      title="Microsoft Teams"
      help="Ends of runs, as cards in the channels that notification rules name."
      actions={add}
    >
      <div className={css.card}>
        <Switch
          label="Send to Microsoft Teams for this account"
          checked={enabled}
          onChange={({ currentTarget: { checked } }) => change.mutate({ teams: checked })}
        />
        {change.error && (
          <p role="alert" className={css.wrong}>
            {messageOf(change.error)}
          </p>
        )}
      </div>
      {teams.enabled && <Channels account={account} search={search} />}
    </Section>
  );
}

function columnsOf(
  account: number,
  search: ChatSearch,
  test: ReturnType<typeof useTestTeams>,
): Column<TeamsChannel>[] {
  return [
    {
      key: 'name',
      title: 'Channel',
      width: 'minmax(120px, 2fr)',
      cell: ({ id, name }) => (
        <Link
          className={rowLink}
          to="/settings/$account/chat"
          params={{ account }}
          search={{ ...search, channel: id }}
        >
          <bdi>{name}</bdi>
        </Link>
      ),
    },
    {
      key: 'host',
      title: 'Host of its address',
      width: 'minmax(120px, 2fr)',
      wideOnly: true,
      cell: ({ place }) => <span className="mono">{place}</span>,
    },
    {
      key: 'actions',
      title: 'Actions',
      width: '104px',
      align: 'right',
      cell: ({ id }) => (
        <AboveLink>
          <Button
            variant="default"
            loading={test.isPending && test.variables === id}
            onClick={() => test.mutate(id)}
          >
            Send a test
          </Button>
        </AboveLink>
      ),
    },
  ];
}

function Channels({ account, search }: { account: number; search: ChatSearch }) {
  const { channel, ...behind } = search;
  const navigate = useNavigate({ from: '/settings/$account/chat' });
  const list = useQuery(teamsChannelsQuery(account));
  const test = useTestTeams(account);
  const close = () => void navigate({ search: behind });
  const chosen = list.data?.find(({ id }) => id === channel);
  const tested = list.data?.find(({ id }) => id === test.variables);
  return (
    <>
      {test.isSuccess && (
        <Notice tone="blue">
          Teams took the test for <bdi>{tested?.name ?? 'the channel'}</bdi>.
        </Notice>
      )}
      {test.error && <Notice>The test was not sent. {messageOf(test.error)}</Notice>}
      {list.isError && list.data === undefined ? (
        <Problem title="The channels could not be read" onRetry={() => void list.refetch()}>
          {messageOf(list.error)}
        </Problem>
      ) : list.data?.length === 0 ? (
        <p className={css.note}>
          There are none yet. In Teams, give a channel the workflow “Post to a channel when a
          webhook request is received”, and add its address here.
        </p>
      ) : (
        <DataTable
          inline
          label="Teams channels"
          columns={columnsOf(account, behind, test)}
          rows={list.data}
          rowKey={({ id }) => id}
        />
      )}
      <SidePanel
        title={channel === 'new' ? 'New Teams channel' : 'Teams channel'}
        opened={channel !== undefined}
        onClose={close}
      >
        {channel === 'new' || chosen !== undefined ? (
          <TeamsPanel
            key={channel}
            account={account}
            onClose={close}
            {...(chosen && { channel: chosen })}
          />
        ) : (
          list.data !== undefined && <Problem title="There is no such channel" />
        )}
      </SidePanel>
    </>
  );
}
