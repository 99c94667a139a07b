import { Skeleton, TextInput, UnstyledButton } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useRef, useState } from 'react';
import { messageOf } from '@/api/errors';
import { choicesQuery, type Narrowing, type ThingKind } from './filter-api';
import css from './filter-choices.module.css';

interface FilterChoicesProps {
  account: number;
  kind: ThingKind;
  narrowing: Narrowing;
  onChoose: (id: number) => void;
}

const typingMs = 200;

/** The things that a list can be filtered by; the server searches, as there may be thousands. */
export function FilterChoices({ account, kind, narrowing, onChoose }: FilterChoicesProps) {
  const [typed, setTyped] = useState('');
  const [text] = useDebouncedValue(typed.trim(), typingMs);
  const { data, error, isPending } = useQuery(choicesQuery(account, kind, narrowing, text));
  const root = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    const stops = [...(root.current?.querySelectorAll<HTMLElement>('input, button') ?? [])];
    const at = stops.indexOf(document.activeElement as HTMLElement);
    const next = stops[at + (event.key === 'ArrowDown' ? 1 : -1)];
    if (next === undefined) return;
    event.preventDefault();
    next.focus();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: moves the focus among what can be pressed in it.
    <div ref={root} className={css.root} onKeyDown={onKeyDown}>
      <TextInput
        size="xs"
        type="search"
        placeholder="Name"
        aria-label={`Find ${kind === 'environment' ? 'an' : 'a'} ${kind}`}
        data-autofocus
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      {isPending && <Skeleton height={14} width={160} m={8} />}
      {error && <p className={css.none}>{messageOf(error)}</p>}
      {data?.length === 0 && <p className={css.none}>No {kind} of that name</p>}
      <ul className={css.list} aria-label="Choices">
        {data?.map(({ id, name }) => (
          <li key={id}>
            <UnstyledButton className={css.choice} title={name} onClick={() => onChoose(id)}>
              <bdi>{name}</bdi>
            </UnstyledButton>
          </li>
        ))}
      </ul>
    </div>
  );
}
