import { Tooltip } from '@mantine/core';
import { stateTone } from '@/ui/states';
import { formatAge, formatExecution, parseTimestamp } from '@/ui/time';
import { useCoarseNow } from '@/ui/use-now';
import { lastState } from '../kinds';
import type { NodeRun } from '../node-api';
import css from './run-bars.module.css';

const mostBars = 60;
const minute = 60_000;

/** The last runs from the oldest to the newest: how long each took, and what it came to. */
export function RunBars({ runs }: { runs: readonly NodeRun[] }) {
  const now = useCoarseNow(minute);
  const shown = runs.slice(0, mostBars).reverse();
  const longest = Math.max(...shown.map(({ execution_time }) => execution_time ?? 0), 0.001);
  const bad = shown.filter(({ status }) => lastState(status)?.state === 'error').length;
  const label = `The last ${shown.length} runs, ${bad} of them failed, the longest took ${formatExecution(longest * 1_000)}`;
  return (
    <div className={css.root} role="img" aria-label={label}>
      {shown.map((run) => {
        const state = lastState(run.status);
        const took = formatExecution((run.execution_time ?? 0) * 1_000);
        const at = parseTimestamp(run.generated_at);
        const words = [
          `#${run.run_id}`,
          state?.word,
          took,
          at === null ? null : formatAge(at, now),
        ];
        return (
          <Tooltip
            key={`${run.run_id} ${run.step_index} ${run.generated_at}`}
            label={words.filter(Boolean).join(' · ')}
          >
            <span className={css.run}>
              <span
                className={css.bar}
                data-tone={stateTone[state?.state ?? 'queued']}
                style={{ height: `${Math.max(6, ((run.execution_time ?? 0) / longest) * 100)}%` }}
              />
            </span>
          </Tooltip>
        );
      })}
    </div>
  );
}
