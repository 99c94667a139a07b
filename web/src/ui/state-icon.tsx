import {
  IconAlertTriangle,
  IconBan,
  IconCircleCheck,
  IconCircleX,
  IconClockHour4,
  IconLoader2,
  IconPlayerSkipForward,
  type TablerIcon,
} from '@tabler/icons-react';
import css from './state.module.css';
import { isMoving, type StateName, stateTone } from './states';

const icons: Record<StateName, TablerIcon> = {
  queued: IconClockHour4,
  starting: IconLoader2,
  running: IconLoader2,
  success: IconCircleCheck,
  warning: IconAlertTriangle,
  error: IconCircleX,
  cancelled: IconBan,
  skipped: IconPlayerSkipForward,
};

interface StateIconProps {
  state: StateName;
  size?: number;
  /** Read out instead of a visible word. Leave out where the word stands beside the icon. */
  label?: string;
  /** Where the icon stands for the state as such, not for something that is in it. */
  still?: boolean;
}

export function StateIcon({ state, size = 16, label, still = false }: StateIconProps) {
  const Icon = icons[state];
  const naming =
    label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label };
  return (
    <Icon
      {...naming}
      size={size}
      stroke={2}
      className={css.icon}
      data-tone={stateTone[state]}
      data-moving={(isMoving(state) && !still) || undefined}
    />
  );
}
