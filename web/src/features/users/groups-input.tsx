import { MultiSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { messageOf } from '@/api/errors';
import { groupsQuery } from '@/features/groups/groups-api';

interface GroupsInputProps {
  account: number;
  label: string;
  description?: string;
  value: readonly number[];
  onChange: (groups: number[]) => void;
  error?: ReactNode;
}

export function GroupsInput({ account, value, onChange, error, ...rest }: GroupsInputProps) {
  const groups = useQuery(groupsQuery(account));
  const data = (groups.data ?? []).map(({ id, name }) => ({ value: String(id), label: name }));
  return (
    <MultiSelect
      {...rest}
      data={data}
      value={value.map(String)}
      onChange={(ids) => onChange(ids.map(Number))}
      disabled={groups.data === undefined}
      error={error ?? (groups.isError ? messageOf(groups.error) : null)}
      searchable
      hidePickedOptions
      nothingFoundMessage="No such group"
      clearButtonProps={{ 'aria-label': 'Leave all groups' }}
    />
  );
}
