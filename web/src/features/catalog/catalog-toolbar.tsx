import { Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { FilterChip, FilterChips } from '@/ui/filter-chip';
import { StateIcon } from '@/ui/state-icon';
import type { StateName } from '@/ui/states';
import css from './catalog.module.css';
import type { Environment } from './catalog-api';
import { type CatalogSearch, chosen, freshnessKeys, statusKeys, toggled } from './catalog-search';
import { countTypes, type Entry, tagsOf } from './entries';
import { KindIcon } from './kind-icon';
import { catalogTypes, freshnessState, kindsWord } from './kinds';

interface CatalogToolbarProps {
  environments: readonly Environment[];
  /** Unfiltered: what there is to filter by. */
  entries: readonly Entry[];
  search: CatalogSearch;
  change: (change: { [K in keyof CatalogSearch]?: CatalogSearch[K] | undefined }) => void;
}

const typingPauseMs = 150;

const statusChips: Record<(typeof statusKeys)[number], { word: string; state: StateName }> = {
  success: { word: 'Success', state: 'success' },
  warning: { word: 'Warning', state: 'warning' },
  error: { word: 'Error', state: 'error' },
  skipped: { word: 'Skipped', state: 'skipped' },
  none: { word: 'Never run', state: 'queued' },
};

export function CatalogToolbar(props: CatalogToolbarProps) {
  const { environments, entries, search, change } = props;
  return (
    <div className={css.toolbar}>
      <div className={css.fields}>
        <EnvironmentSelect environments={environments} search={search} change={change} />
        <SearchInput initial={search.q ?? ''} onSearch={(q) => change({ q: q || undefined })} />
        <Select
          className={css.tag}
          aria-label="Tag"
          placeholder="Any tag"
          searchable
          clearable
          clearButtonProps={{ 'aria-label': 'Any tag' }}
          data={tagsOf(entries)}
          value={search.tag ?? null}
          nothingFoundMessage="No such tag"
          onChange={(tag) => change({ tag: tag ?? undefined })}
        />
      </div>
      <TypeChips entries={entries} search={search} change={change} />
      <div className={css.chipRows}>
        <FilterChips label="Filter by last status">
          {statusKeys.map((key) => (
            <FilterChip
              key={key}
              active={chosen(search.status).includes(key)}
              onToggle={() => change({ status: toggled(search.status, key) })}
            >
              <StateIcon state={statusChips[key].state} size={14} still />
              {statusChips[key].word}
            </FilterChip>
          ))}
        </FilterChips>
        {entries.some(({ node }) => node.resourceType === 'source') && (
          <FreshnessChips search={search} change={change} />
        )}
      </div>
    </div>
  );
}

function EnvironmentSelect({
  environments,
  search,
  change,
}: Pick<CatalogToolbarProps, 'environments' | 'search' | 'change'>) {
  const production = environments.some((one) => one.deployment_type === 'production');
  const options = environments.map((one) => ({
    value: String(one.id),
    label: `${one.project?.name ?? `Project ${one.project_id}`} · ${one.name}`,
  }));
  const all = production ? 'All production environments' : 'All environments';
  return (
    <Select
      className={css.environment}
      aria-label="Environment"
      searchable
      allowDeselect={false}
      data={[{ value: '', label: all }, ...options]}
      value={search.environment === undefined ? '' : String(search.environment)}
      nothingFoundMessage="No such environment"
      onChange={(id) => change({ environment: id ? Number(id) : undefined })}
    />
  );
}

function SearchInput({ initial, onSearch }: { initial: string; onSearch: (text: string) => void }) {
  const [text, setText] = useState(initial);
  const sent = useRef(initial);
  const search = useDebouncedCallback((words: string) => {
    sent.current = words;
    onSearch(words);
  }, typingPauseMs);
  // The address may change without the field: by Back, or by a link that clears the filters.
  useEffect(() => {
    if (initial === sent.current) return;
    sent.current = initial;
    setText(initial);
  }, [initial]);
  return (
    <TextInput
      className={css.search}
      type="search"
      aria-label="Search the catalog"
      placeholder="Name, description, column or tag"
      leftSection={<IconSearch size={16} aria-hidden="true" />}
      maxLength={200}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        search(event.currentTarget.value.trim());
      }}
    />
  );
}

function TypeChips({
  entries,
  search,
  change,
}: Pick<CatalogToolbarProps, 'entries' | 'search' | 'change'>) {
  const counts = countTypes(entries);
  const active = chosen(search.type);
  return (
    <FilterChips label="Filter by type">
      <FilterChip active={active.length === 0} onToggle={() => change({ type: undefined })}>
        All but tests
      </FilterChip>
      {catalogTypes
        .filter((type) => counts.has(type) || active.includes(type))
        .map((type) => (
          <FilterChip
            key={type}
            active={active.includes(type)}
            onToggle={() => change({ type: toggled(search.type, type) })}
          >
            <KindIcon type={type} size={14} />
            {kindsWord(type)}
            <span className={css.count}>{(counts.get(type) ?? 0).toLocaleString('en')}</span>
          </FilterChip>
        ))}
    </FilterChips>
  );
}

function FreshnessChips({ search, change }: Pick<CatalogToolbarProps, 'search' | 'change'>) {
  return (
    <FilterChips label="Filter sources by freshness">
      {freshnessKeys.map((key) => {
        const { state, word } = freshnessState(key === 'none' ? null : key) ?? {
          state: 'queued' as const,
          word: 'Not checked',
        };
        return (
          <FilterChip
            key={key}
            active={chosen(search.fresh).includes(key)}
            onToggle={() => change({ fresh: toggled(search.fresh, key) })}
          >
            <StateIcon state={state} size={14} still />
            {word}
          </FilterChip>
        );
      })}
    </FilterChips>
  );
}
