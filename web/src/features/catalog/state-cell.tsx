import { StateBadge } from '@/ui/state-badge';
import type { StateName } from '@/ui/states';
import css from './catalog.module.css';

interface StateCellProps {
  state: { state: StateName; word: string } | null;
  absent?: string;
}

/** A state in a table's cell; a dash where there is none. */
export function StateCell({ state, absent = '–' }: StateCellProps) {
  if (state === null) return <span>{absent}</span>;
  return (
    <span className={css.stateCell}>
      <StateBadge state={state.state} word={state.word} variant="plain" />
    </span>
  );
}
