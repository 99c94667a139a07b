import { Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { FilterChip, FilterChips } from '@/ui/filter-chip';
import { type JobsSearch, readJobsSearch, triggerKinds } from '../job-search';
import { environmentChoicesQuery, projectChoicesQuery } from '../jobs-api';
import css from './jobs-page.module.css';

interface JobsFiltersProps {
  account: number;
  search: JobsSearch;
}

export function JobsFilters({ account, search }: JobsFiltersProps) {
  const navigate = useNavigate({ from: '/deploy/$account/jobs' });
  const projects = useQuery(projectChoicesQuery(account));
  const environments = useQuery(environmentChoicesQuery(account));
  const change = (patch: { [K in keyof JobsSearch]?: JobsSearch[K] | undefined }) =>
    void navigate({
      params: { account },
      search: (before) => readJobsSearch({ ...before, ...patch }),
      replace: true,
    });
  const places = (environments.data ?? []).filter(
    ({ type, project_id }) =>
      type === 'deployment' && (search.project === undefined || project_id === search.project),
  );
  const projectName = (id: number) => projects.data?.find((one) => one.id === id)?.name ?? `#${id}`;
  const many = (projects.data?.length ?? 0) > 1 && search.project === undefined;
  return (
    <div className={css.filters}>
      <NameSearch value={search.name ?? ''} onChange={(name) => change({ name })} />
      <ChipSelect
        label="Project"
        value={search.project}
        choices={(projects.data ?? []).map(({ id, name }) => ({ id, name }))}
        onChange={(project) => change({ project, environment: undefined })}
      />
      <ChipSelect
        label="Environment"
        value={search.environment}
        choices={places.map(({ id, name, project_id }) => ({
          id,
          name: many ? `${name} · ${projectName(project_id)}` : name,
        }))}
        onChange={(environment) => change({ environment })}
      />
      <FilterChips label="Filter by trigger">
        <FilterChip
          active={search.trigger === undefined}
          onToggle={() => change({ trigger: undefined })}
        >
          All
        </FilterChip>
        {triggerKinds.map(({ key, word }) => (
          <FilterChip
            key={key}
            active={search.trigger === key}
            onToggle={() => change({ trigger: search.trigger === key ? undefined : key })}
          >
            {word}
          </FilterChip>
        ))}
      </FilterChips>
    </div>
  );
}

function NameSearch({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const [text, setText] = useState(value);
  const told = useRef(value);
  const tell = useDebouncedCallback((next: string) => {
    told.current = next;
    onChange(next);
  }, 250);
  // The address changed by itself: back, or all filters taken away.
  useEffect(() => {
    if (value === told.current.trim() || value === told.current) return;
    told.current = value;
    setText(value);
  }, [value]);
  return (
    <TextInput
      size="xs"
      className={css.search}
      aria-label="Search by name"
      placeholder="Search by name"
      leftSection={<IconSearch size={14} />}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        tell(event.currentTarget.value);
      }}
    />
  );
}

interface ChipSelectProps {
  label: string;
  value: number | undefined;
  choices: readonly { id: number; name: string }[];
  onChange: (value: number | undefined) => void;
}

/** A filter with more values than there is room for chips. */
function ChipSelect({ label, value, choices, onChange }: ChipSelectProps) {
  return (
    <Select
      size="xs"
      radius="xl"
      classNames={{
        root: css.chipSelect ?? '',
        input: value === undefined ? '' : (css.chosen ?? ''),
      }}
      aria-label={label}
      placeholder={label}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': `Any ${label.toLowerCase()}` }}
      data={choices.map(({ id, name }) => ({ value: String(id), label: name }))}
      value={value === undefined ? null : String(value)}
      onChange={(id) => onChange(id === null ? undefined : Number(id))}
    />
  );
}
