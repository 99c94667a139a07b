import { UnstyledButton } from '@mantine/core';
import type { ReactNode } from 'react';
import css from './filter-chip.module.css';

interface FilterChipProps {
  active: boolean;
  onToggle: () => void;
  children: ReactNode;
}

/** One filter of a list. A row of them stands in an element with role="group" and a name. */
export function FilterChip({ active, onToggle, children }: FilterChipProps) {
  return (
    <UnstyledButton className={css.chip} aria-pressed={active} onClick={onToggle}>
      {children}
    </UnstyledButton>
  );
}

export function FilterChips({ label, children }: { label: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for form fields; these are toggles.
    <div role="group" aria-label={label} className={css.row}>
      {children}
    </div>
  );
}
