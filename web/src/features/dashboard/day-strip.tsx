import { Tooltip } from '@mantine/core';
import css from './day-strip.module.css';
import type { DayHealth } from './health';

/** In words, for the tooltip: “2026-03-01 (UTC): 12 runs, 1 failed”. */
function wordsOf({ date, runs, failed }: DayHealth): string {
  if (runs === 0) return `${date} (UTC): no runs`;
  const count = `${runs.toLocaleString('en')} ${runs === 1 ? 'run' : 'runs'}`;
  return `${date} (UTC): ${count}, ${failed === 0 ? 'none' : failed.toLocaleString('en')} failed`;
}

/** One mark per day. Failures stand out by height and colour, so that colour alone says nothing. */
export function DayStrip({ days, name }: { days: readonly DayHealth[]; name: string }) {
  const busy = days.filter(({ runs }) => runs > 0).length;
  const bad = days.filter(({ failed }) => failed > 0).length;
  const label = `${name}: runs on ${busy} of ${days.length} days, failures on ${bad}`;
  return (
    <div className={css.root} role="img" aria-label={label}>
      {days.map((day) => (
        <Tooltip key={day.date} label={wordsOf(day)}>
          <span
            className={css.day}
            data-outcome={day.failed > 0 ? 'failed' : day.runs > 0 ? 'well' : undefined}
          >
            <span className={css.mark}>
              {day.failed > 0 && day.failed < day.runs && (
                <span
                  className={css.rest}
                  style={{ height: `${60 * (1 - day.failed / day.runs)}%` }}
                />
              )}
            </span>
          </span>
        </Tooltip>
      ))}
    </div>
  );
}
