import css from './state.module.css';
import { StateIcon } from './state-icon';
import { type StateName, stateTone, stateWord } from './states';

interface StateBadgeProps {
  state: StateName;
  /** The state's word where it is not the usual one, such as “Pass” for a test. */
  word?: string;
  /** `plain` is for tables, where forty tinted pills in a column would shout. */
  variant?: 'tinted' | 'plain';
}

/** A state: always an icon and a word, never colour alone. */
export function StateBadge({ state, word, variant = 'tinted' }: StateBadgeProps) {
  return (
    <span
      className={css.badge}
      data-tone={stateTone[state]}
      data-variant={variant}
      data-state={state}
    >
      <StateIcon state={state} size={variant === 'tinted' ? 14 : 16} />
      {word ?? stateWord[state]}
    </span>
  );
}
