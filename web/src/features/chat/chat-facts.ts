import type { OutgoingStatus } from '../outbox/outbox-facts';
import type { Chat, ChatMessage, Service, ServiceState } from './chat-api';

/** Rules of chats that need no page. */

export const serviceWord: Record<Service, string> = { slack: 'Slack', teams: 'Microsoft Teams' };

/** Of the operator and of the account. */
export function isOn(state: ServiceState | undefined): boolean {
  return state?.available === true && state.enabled;
}

/** Whether there is a page for it at all. */
export function hasChat(chat: Chat | undefined): boolean {
  return chat !== undefined && (chat.slack.available || chat.teams.available);
}

/** Whether a message to Slack would go out. */
export function slackWorks(chat: Chat | undefined): boolean {
  return (
    chat !== undefined &&
    isOn(chat.slack) &&
    chat.slack.workspace !== null &&
    chat.slack.workspace.broken_reason === null
  );
}

/** “#data-alerts”, as Slack writes it. */
export function channelWord(name: string): string {
  return name === '' || name.startsWith('#') ? name : `#${name}`;
}

export function messageTo({ service, channel_name }: ChatMessage): string {
  return service === 'slack' ? channelWord(channel_name) : channel_name;
}

const nothing: Record<OutgoingStatus, string> = {
  pending: 'Nothing is waiting to be sent.',
  sent: 'Nothing has been sent yet.',
  failed: 'Nothing has failed.',
};

/** Where a list has no rows. */
export function nothingSent(status: OutgoingStatus | undefined): string {
  if (status !== undefined) return nothing[status];
  return 'There are none yet. When a run ends that a rule with a channel is about, the message is listed here with what became of it. A test is not listed.';
}

const returns: Record<string, { tone: 'blue' | 'amber'; text: string }> = {
  connected: { tone: 'blue', text: 'The Slack workspace is connected.' },
  denied: { tone: 'amber', text: 'Nothing was connected: it was not allowed in Slack.' },
  expired: {
    tone: 'amber',
    text: 'Nothing was connected: that took too long, or began in another browser. Begin again.',
  },
  refused: {
    tone: 'amber',
    text: 'Nothing was connected: Slack refused it. Whoever operates this installation finds the reason in the log.',
  },
  unreachable: { tone: 'amber', text: 'Nothing was connected: Slack could not be reached.' },
};

/** What came of a visit to Slack’s own page, by the word that the way back has. */
export function returnFromSlack(word: string | undefined) {
  return word !== undefined && Object.hasOwn(returns, word) ? returns[word] : undefined;
}
