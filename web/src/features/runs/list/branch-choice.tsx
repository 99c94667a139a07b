import { TextInput, UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import css from './filter-choices.module.css';

interface BranchChoiceProps {
  /** The branches of the runs that are on the list. */
  seen: readonly string[];
  onChoose: (branch: string) => void;
}

/** A branch by its name: typed, or one of those in sight. Only the repository knows of all. */
export function BranchChoice({ seen, onChoose }: BranchChoiceProps) {
  const [typed, setTyped] = useState('');
  const text = typed.trim();
  const matching = seen.filter((name) => name.toLowerCase().includes(text.toLowerCase()));
  return (
    <form
      className={css.root}
      onSubmit={(event) => {
        event.preventDefault();
        if (text !== '') onChoose(text);
      }}
    >
      <TextInput
        size="xs"
        type="search"
        placeholder="Name, then Enter"
        aria-label="Branch"
        data-autofocus
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <ul className={css.list} aria-label="Choices">
        {matching.map((name) => (
          <li key={name}>
            <UnstyledButton className={css.choice} title={name} onClick={() => onChoose(name)}>
              <bdi>{name}</bdi>
            </UnstyledButton>
          </li>
        ))}
      </ul>
    </form>
  );
}
