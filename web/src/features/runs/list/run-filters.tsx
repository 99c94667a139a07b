import { Popover, Skeleton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronDown, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense } from 'react';
import type { Run } from '@/api/types';
import { FilterChip, FilterChips } from '@/ui/filter-chip';
import { StateIcon } from '@/ui/state-icon';
import { activeStatuses, type ListSearch, readListSearch, toggleStatus } from '../search-params';
import { type Choice, causes, spans, statusFilters } from '../status';
import { type ThingKind, thingQuery } from './filter-api';
import css from './run-filters.module.css';

// Nobody waits for the list for the sake of a menu that is not open.
const FilterChoices = lazy(async () => ({
  default: (await import('./filter-choices')).FilterChoices,
}));

const BranchChoice = lazy(async () => ({
  default: (await import('./branch-choice')).BranchChoice,
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
        <ChoiceChip
          word="Made by"
          choices={causes}
          chosen={search.cause}
          onChoose={(cause) => go(readListSearch({ ...search, cause }))}
        />
        <BranchChip
          branch={search.branch}
          runs={runs}
          onChoose={(branch) => go(readListSearch({ ...search, branch }))}
        />
        <ChoiceChip
          word="Created"
          choices={spans}
          chosen={search.since}
          onChoose={(since) => go(readListSearch({ ...search, since }))}
        />
      </FilterChips>
    </div>
  );
}

interface ChoiceChipProps {
  word: string;
  choices: readonly Choice[];
  chosen: string | undefined;
  onChoose: (key: string | undefined) => void;
}

/** A filter with a few fixed choices. */
function ChoiceChip({ word, choices, chosen, onChoose }: ChoiceChipProps) {
  const found = choices.find(({ key }) => key === chosen);
  if (found !== undefined) {
    return (
      <SetChip word={word} onRemove={() => onChoose(undefined)}>
        {found.word}
      </SetChip>
    );
  }
  return (
    <PickChip word={word}>
      {(close) => (
        <ul className={css.choices} aria-label="Choices">
          {choices.map((choice) => (
            <li key={choice.key}>
              <button
                type="button"
                className={css.choice}
                onClick={() => {
                  close();
                  onChoose(choice.key);
                }}
              >
                {choice.word}
              </button>
            </li>
          ))}
        </ul>
      )}
    </PickChip>
  );
}

interface BranchChipProps {
  branch: string | undefined;
  runs: readonly Run[];
  onChoose: (branch: string | undefined) => void;
}

function BranchChip({ branch, runs, onChoose }: BranchChipProps) {
  if (branch !== undefined) {
    return (
      <SetChip word="Branch" onRemove={() => onChoose(undefined)}>
        {branch}
      </SetChip>
    );
  }
  const seen = [...new Set(runs.flatMap(({ git_branch }) => git_branch ?? []))];
  return (
    <PickChip word="Branch">
      {(close) => (
        <BranchChoice
          seen={seen}
          onChoose={(name) => {
            close();
            onChoose(name);
          }}
        />
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
