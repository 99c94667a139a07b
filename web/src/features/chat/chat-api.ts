import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { ui } from '@/api/client';
import { keys } from '@/api/keys';
import { outgoingQuery, useSendOutgoingAgain } from '../outbox/outbox-api';
import type { Outgoing, OutgoingStatus } from '../outbox/outbox-facts';

export interface Workspace {
  id: number;
  name: string;
  bot_name: string | null;
  /** Why Slack takes nothing more; null while it does. */
  broken_reason: string | null;
  broken_at: string | null;
  updated_at: string;
}

export interface ServiceState {
  /** Whether the operator has it on. */
  available: boolean;
  /** The account's own switch. */
  enabled: boolean;
}

export interface Chat {
  slack: ServiceState & {
    /** Whether the operator has an app by which workspaces are connected; else by a bot’s token. */
    can_connect: boolean;
    workspace: Workspace | null;
  };
  teams: ServiceState;
}

export type Service = 'slack' | 'teams';

export interface SlackChannel {
  id: string;
  name: string;
  is_private: boolean;
  is_member: boolean;
}

/** Its address is a secret: only the host is told. */
export interface TeamsChannel {
  id: number;
  name: string;
  place: string;
  created_at: string;
}

export interface ChatMessage extends Outgoing {
  service: Service;
  /** The workspace, or the channel of Teams. */
  destination: string;
  channel_name: string;
  run_id: number;
  project_id: number;
  job_name: string;
}

interface Data<T> {
  data: T;
}

const base = (account: number) => `/accounts/${account}/chat/`;
const teamsKey = (account: number) => keys.of(account, 'chat', 'teams');
const messages = (account: number) => ({
  path: `${base(account)}messages/`,
  key: keys.of(account, 'chat', 'messages'),
});

export function chatQuery(account: number) {
  return queryOptions({
    queryKey: keys.of(account, 'chat', 'state'),
    queryFn: async ({ signal }) => (await ui.get<Data<Chat>>(base(account), { signal })).data,
  });
}

/** The latest first; of every status where none is named. */
export function messagesQuery(account: number, status: OutgoingStatus | undefined) {
  return outgoingQuery<ChatMessage>(messages(account), status);
}

export function slackChannelsQuery(account: number, search: string) {
  return queryOptions({
    queryKey: keys.of(account, 'chat', 'slack-channels', search),
    queryFn: async ({ signal }) => {
      const options = { query: { search }, signal };
      return (await ui.get<Data<SlackChannel[]>>(`${base(account)}slack/channels/`, options)).data;
    },
    // Slack may be slow or ask to wait: who looks decides whether to ask again.
    retry: false,
  });
}

export function teamsChannelsQuery(account: number) {
  return queryOptions({
    queryKey: teamsKey(account),
    queryFn: async ({ signal }) =>
      (await ui.get<Data<TeamsChannel[]>>(`${base(account)}teams/`, { signal })).data,
  });
}

/** Anything that changes what the pages of chats show; `act` says what. */
function useChange<Input, Answer>(account: number, act: (input: Input) => Promise<Answer>) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: act,
    // Not waited for: what is removed would take its own panel, and with it this, off the page.
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: keys.of(account, 'chat') });
    },
  });
}

export function useSwitchChat(account: number) {
  return useChange(
    account,
    async (change: Partial<Record<Service, boolean>>) =>
      (await ui.post<Data<Chat>>(base(account), { body: change })).data,
  );
}

/** Where the browser is to go, to come back connected. */
export function useConnectSlack(account: number) {
  return useMutation({
    mutationFn: async () =>
      (await ui.get<Data<{ url: string }>>(`${base(account)}slack/connect/`)).data.url,
  });
}

export function useEnterToken(account: number) {
  return useChange(account, async (token: string) =>
    ui.post<Data<Workspace>>(`${base(account)}slack/token/`, { body: { token } }),
  );
}

export function useDisconnectSlack(account: number) {
  return useChange(account, async () => ui.delete(`${base(account)}slack/`));
}

export function useTestSlack(account: number) {
  return useMutation({
    mutationFn: (channel: string) =>
      ui.post<Data<{ channel_id: string }>>(`${base(account)}slack/test/`, {
        body: { channel_id: channel },
      }),
  });
}

export interface TeamsInput {
  name: string;
  /** Absent: the one that there is stays. */
  url?: string;
}

/** Makes a channel, or changes the one with that id. */
export function useSaveTeamsChannel(account: number, id?: number) {
  const path = `${base(account)}teams/${id === undefined ? '' : `${id}/`}`;
  return useChange(account, async (body: TeamsInput) =>
    ui.post<Data<TeamsChannel>>(path, { body }),
  );
}

/** Rules that name it end with it. */
export function useRemoveTeamsChannel(account: number) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => ui.delete(`${base(account)}teams/${id}/`),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: keys.of(account, 'chat') });
      void queryClient.invalidateQueries({ queryKey: keys.of(account, 'notifications') });
    },
  });
}

export function useTestTeams(account: number) {
  return useMutation({
    mutationFn: (id: number) => ui.post<Data<TeamsChannel>>(`${base(account)}teams/${id}/test/`),
  });
}

export function useSendMessageAgain(account: number) {
  return useSendOutgoingAgain(messages(account));
}
