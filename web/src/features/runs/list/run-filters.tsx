import { Popover, Skeleton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronDown, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense } from 'react';
import type { Run } from '@/api/types';
import { FilterChip, FilterChips } from '@/ui/filter-chip';
import { StateIcon } from '@/ui/state-icon';
import { activeStatuses, type ListSearch, toggleStatus } from '../search-params';
import { spans, statusFilters } from '../status';
import { type ThingKind, thingQuery } from './filter-api';
import css from './run-filters.module.css';

// Nobody waits for the list for the sake of a menu that is not open.
const FilterChoices = lazy(async () => ({
  default: (await import('./filter-choices')).FilterChoices,
}));

interface RunFiltersProps {
  account: number;
  search: ListSearch;
  runs: readonly Run[];
}

const things: { kind: ThingKind; word: string; nameIn: (run: Run) => [number, string | null] }[] = [
  { kind: 'project', word: 'Project', nameIn: (run) => [run.project_id, null] },
  {
    kind: 'environment',
    word: 'Environment',
    nameIn: (run) => [run.environment_id, run.environment?.name ?? null],
  },
  { kind: 'job', word: 'Job', nameIn: (run) => [run.job_definition_id, run.job?.name ?? null] },
];

export function RunFilters({ account, search, runs }: RunFiltersProps) {
  const navigate = useNavigate({ from: '/deploy/$account/runs' });
  const active = activeStatuses(search);
  const go = (next: ListSearch) =>
    void navigate({ params: { account }, search: next, replace: true });
  const { status: _status, ...withoutStatus } = search;
  return (
    <div className={css.root}>
      <FilterChips label="Filter by state">
        <FilterChip active={active.length === 0} onToggle={() => go(withoutStatus)}>
          All
        </FilterChip>
        {statusFilters.map(({ key, word, state }) => (
          <FilterChip
            key={key}
            active={active.includes(key)}
            onToggle={() => go(toggleStatus(search, key))}
          >
            <StateIcon state={state} size={14} still />
            {word}
          </FilterChip>
        ))}
      </FilterChips>
      <FilterChips label="Filter by where and when">
        {things.map(({ kind, word, nameIn }) => {
          const id = search[kind];
          const { [kind]: _gone, ...without } = search;
          if (id !== undefined) {
            const known = runs.map(nameIn).find(([of, name]) => of === id && name !== null);
            return (
              <SetChip key={kind} word={word} onRemove={() => go(without)}>
                <ThingName account={account} kind={kind} id={id} known={known?.[1] ?? null} />
              </SetChip>
            );
          }
          return (
            <PickChip key={kind} word={word}>
              {(close) => (
                <FilterChoices
                  account={account}
                  kind={kind}
                  narrowing={{
                    project: search.project ?? null,
                    environment: search.environment ?? null,
                  }}
                  onChoose={(chosen) => {
                    close();
                    go({ ...search, [kind]: chosen });
                  }}
                />
              )}
            </PickChip>
          );
        })}
        <SpanChip search={search} go={go} />
      </FilterChips>
    </div>
  );
}

function SpanChip({ search, go }: { search: ListSearch; go: (next: ListSearch) => void }) {
  const { since, ...without } = search;
  const chosen = spans.find(({ key }) => key === since);
  if (chosen !== undefined) {
    return (
      <SetChip word="Created" onRemove={() => go(without)}>
        {chosen.word}
      </SetChip>
    );
  }
  return (
    <PickChip word="Created">
      {(close) => (
        <ul className={css.spans} aria-label="Choices">
          {spans.map(({ key, word }) => (
            <li key={key}>
              <button
                type="button"
                className={css.span}
                onClick={() => {
                  close();
                  go({ ...search, since: key });
                }}
              >
                {word}
              </button>
            </li>
          ))}
        </ul>
      )}
    </PickChip>
  );
}

interface SetChipProps {
  word: string;
  onRemove: () => void;
  children: ReactNode;
}

/** A filter that is set; pressing it takes it away. */
function SetChip({ word, onRemove, children }: SetChipProps) {
  return (
    <FilterChip active onToggle={onRemove}>
      <bdi className={css.name}>
        {word}: {children}
      </bdi>
      <IconX size={14} aria-label="Remove this filter" />
    </FilterChip>
  );
}

/** A filter that is not set; pressing it shows what there is to choose. */
function PickChip({
  word,
  children,
}: {
  word: string;
  children: (close: () => void) => ReactNode;
}) {
  const [opened, { toggle, close }] = useDisclosure(false);
  return (
    <Popover
      opened={opened}
      onChange={(open) => !open && close()}
      position="bottom-start"
      trapFocus
      returnFocus
      withRoles
      transitionProps={{ duration: 80 }}
    >
      <Popover.Target>
        <button type="button" className={css.pick} onClick={toggle}>
          {word}
          <IconChevronDown size={14} aria-hidden="true" />
        </button>
      </Popover.Target>
      <Popover.Dropdown p="xs">
        <Suspense fallback={<Skeleton height={30} width={240} />}>{children(close)}</Suspense>
      </Popover.Dropdown>
    </Popover>
  );
}

interface ThingNameProps {
  account: number;
  kind: ThingKind;
  id: number;
  /** As the runs of the list have it. */
  known: string | null;
}

function ThingName({ account, kind, id, known }: ThingNameProps) {
  const { data } = useQuery({ ...thingQuery(account, kind, id), enabled: known === null });
  return <>{known ?? data ?? `#${id}`}</>;
}
