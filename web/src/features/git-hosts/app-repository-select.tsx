import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { messageOf } from '@/api/errors';
import css from './git-host.module.css';
import { type AppRepository, appRepositoriesQuery } from './git-hosts-api';

interface AppRepositorySelectProps {
  account: number;
  chosen: AppRepository | null;
  onChoose: (repository: AppRepository | null) => void;
}

/** One of the repositories that the GitHub App reaches. */
export function AppRepositorySelect({ account, chosen, onChoose }: AppRepositorySelectProps) {
  const [search, setSearch] = useState('');
  // What is chosen stands in the field, and is no search.
  const [asked] = useDebouncedValue(search === chosen?.full_name ? '' : search, 250);
  const query = useQuery(appRepositoriesQuery(account, asked));
  const found = query.data?.repositories ?? [];
  const names = found.map(({ full_name }) => full_name);
  const isListed = chosen === null || names.includes(chosen.full_name);
  return (
    <>
      <Select
        label="Repository on GitHub"
        placeholder="Search"
        searchable
        searchValue={search}
        onSearchChange={setSearch}
        // The server has searched.
        filter={({ options }) => options}
        nothingFoundMessage={
          query.isFetching ? 'Asking GitHub…' : 'The App reaches no repository of that name'
        }
        data={isListed ? names : [chosen.full_name, ...names]}
        value={chosen?.full_name ?? null}
        onChange={(name) => onChoose(found.find(({ full_name }) => full_name === name) ?? null)}
      />
      {query.error && (
        <p role="alert" className={css.wrong}>
          {messageOf(query.error)}
        </p>
      )}
      {query.data?.unreachable.map(({ login, reason }) => (
        <p key={login} role="alert" className={css.wrong}>
          <bdi>{login}</bdi>: {reason}
        </p>
      ))}
    </>
  );
}
