import { Skeleton } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useParams, useSearch } from '@tanstack/react-router';
import { messageOf } from '@/api/errors';
import { Empty } from '@/ui/empty';
import { Page } from '@/ui/page';
import { PageHeader } from '@/ui/page-header';
import { Problem } from '@/ui/problem';
import { chatQuery } from './chat-api';
import { hasChat, isOn, returnFromSlack } from './chat-facts';
import { Messages } from './messages';
import { Notice } from './notice';
import { SlackSection } from './slack-section';
import { TeamsSection } from './teams-section';

const route = '/signed-in/settings/$account/chat';

export function ChatPage() {
  useDocumentTitle('Chat · Millwright');
  const { account } = useParams({ from: route });
  const returned = returnFromSlack(useSearch({ from: route }).slack);
  const chat = useQuery(chatQuery(account));
  return (
    <Page>
      <PageHeader title="Chat" facts="What is told in Slack and Microsoft Teams." />
      {returned && <Notice tone={returned.tone}>{returned.text}</Notice>}
      {chat.isError && chat.data === undefined ? (
        <Problem title="The settings could not be read" onRetry={() => void chat.refetch()}>
          {messageOf(chat.error)}
        </Problem>
      ) : chat.data === undefined ? (
        <Skeleton height={180} />
      ) : hasChat(chat.data) ? (
        <>
          {chat.data.slack.available && <SlackSection account={account} slack={chat.data.slack} />}
          {chat.data.teams.available && <TeamsSection account={account} teams={chat.data.teams} />}
          {(isOn(chat.data.slack) || isOn(chat.data.teams)) && <Messages account={account} />}
        </>
      ) : (
        <Empty title="Chats are off">
          Whoever operates this installation has both Slack and Microsoft Teams off:{' '}
          <code className="mono">MILLWRIGHT_SLACK</code> and{' '}
          <code className="mono">MILLWRIGHT_TEAMS</code>.
        </Empty>
      )}
    </Page>
  );
}
