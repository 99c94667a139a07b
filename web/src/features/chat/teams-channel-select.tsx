import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { messageOf } from '@/api/errors';
import { teamsChannelsQuery } from './chat-api';

interface TeamsChannelSelectProps {
  account: number;
  label?: string;
  /** Its id. */
  value: string | null;
  onChange: (id: string | null) => void;
  error?: ReactNode;
  disabled?: boolean;
}

/** One of the account’s channels of Teams. */
export function TeamsChannelSelect(props: TeamsChannelSelectProps) {
  const { account, label = 'Channel', value, onChange, error, disabled = false } = props;
  const { data, error: unread } = useQuery(teamsChannelsQuery(account));
  return (
    <Select
      label={label}
      placeholder="Choose a channel"
      searchable
      disabled={disabled}
      data={(data ?? []).map(({ id, name }) => ({ value: String(id), label: name }))}
      value={value}
      onChange={onChange}
      nothingFoundMessage="No such channel: they are added under Chat."
      error={error ?? (unread ? `The channels could not be read: ${messageOf(unread)}` : null)}
    />
  );
}
