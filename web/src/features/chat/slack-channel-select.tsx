import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { messageOf } from '@/api/errors';
import { slackChannelsQuery } from './chat-api';
import { channelWord } from './chat-facts';

export interface ChosenChannel {
  id: string;
  name: string;
}

interface SlackChannelSelectProps {
  account: number;
  label: string;
  value: ChosenChannel | null;
  onChange: (channel: ChosenChannel | null) => void;
  error?: ReactNode;
  disabled?: boolean;
}

/** A channel of the connected workspace, by a part of its name: there may be thousands. */
export function SlackChannelSelect(props: SlackChannelSelectProps) {
  const { account, label, value, onChange, error, disabled = false } = props;
  const shown = value === null ? '' : channelWord(value.name);
  const [typed, setTyped] = useState(shown);
  // What is chosen is in the box, too, and is no search.
  const [search] = useDebouncedValue(typed === shown ? '' : typed, 250);
  const { data, error: unread } = useQuery({
    ...slackChannelsQuery(account, search),
    placeholderData: keepPreviousData,
  });
  const found = data ?? [];
  const options = found.map(({ id, name, is_private, is_member }) => ({
    value: id,
    label: `${channelWord(name)}${is_private && !is_member ? ' (the bot is not in it)' : ''}`,
  }));
  if (value !== null && !found.some(({ id }) => id === value.id))
    options.unshift({ value: value.id, label: shown });
  return (
    <Select
      label={label}
      placeholder="Search by name"
      searchable
      disabled={disabled}
      data={options}
      // The server has searched.
      filter={({ options: all }) => all}
      value={value?.id ?? null}
      searchValue={typed}
      onSearchChange={setTyped}
      onChange={(id) => {
        const chosen = found.find((channel) => channel.id === id);
        if (chosen !== undefined) onChange({ id: chosen.id, name: channelWord(chosen.name) });
        else if (id === null) onChange(null);
      }}
      nothingFoundMessage="No channel with this in its name. A private one is listed once the bot has been invited to it."
      error={error ?? (unread ? `The channels could not be read: ${messageOf(unread)}` : null)}
    />
  );
}
