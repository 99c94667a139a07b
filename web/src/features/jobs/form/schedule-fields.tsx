import { Chip, NumberInput, Radio, TextInput } from '@mantine/core';
import { useId } from 'react';
import { NextFirings } from '../next-firings';
import {
  cronOf,
  everyDay,
  type ScheduleDraft,
  type ScheduleKind,
  scheduleProblems,
  scheduleWords,
  weekdays,
} from '../schedule';
import css from './form.module.css';
import type { PartProps } from './use-job-draft';

const kinds: readonly { kind: ScheduleKind; word: string }[] = [
  { kind: 'hours', word: 'At hours of the day' },
  { kind: 'interval', word: 'Every few hours' },
  { kind: 'cron', word: 'Cron expression' },
];

/** When the job runs by itself: three ways to say it, and what it comes to. */
export function ScheduleFields({ form }: PartProps) {
  const { schedule } = form.draft;
  const set = (patch: Partial<ScheduleDraft>) => form.set({ schedule: { ...schedule, ...patch } });
  const at = (field: string) => form.problems[`schedule.${field}`];
  const choose = (kind: ScheduleKind) =>
    // What was said plainly is where one goes on in cron.
    set(kind === 'cron' && schedule.kind !== 'cron' ? { kind, cron: cronOf(schedule) } : { kind });
  return (
    <div className={css.inner}>
      <Radio.Group
        label="Runs"
        value={schedule.kind}
        onChange={(kind) => choose(kind as ScheduleKind)}
      >
        <div className={css.row}>
          {kinds.map(({ kind, word }) => (
            <Radio key={kind} value={kind} label={word} />
          ))}
        </div>
      </Radio.Group>
      {schedule.kind === 'interval' && (
        <NumberInput
          label="Hours between runs"
          description="Counted anew from midnight UTC each day."
          min={1}
          max={23}
          allowDecimal={false}
          w={240}
          value={schedule.interval}
          error={at('time.interval')}
          onChange={(value) => set({ interval: typeof value === 'number' ? value : '' })}
        />
      )}
      {schedule.kind === 'hours' && (
        <Choices
          label="Hours, in UTC"
          error={at('time.hours')}
          values={schedule.hours}
          choices={Array.from({ length: 24 }, (_, hour) => ({
            value: hour,
            word: String(hour).padStart(2, '0'),
            long: `${String(hour).padStart(2, '0')}:00`,
          }))}
          onChange={(hours) => set({ hours })}
        />
      )}
      {schedule.kind !== 'cron' && (
        <Choices
          label="Days"
          error={at('date.days')}
          values={schedule.days}
          choices={weekdays.map(({ day, word, long }) => ({ value: day, word, long }))}
          onChange={(days) => set({ days: days.length === 7 ? everyDay : days })}
        />
      )}
      {schedule.kind === 'cron' && (
        <TextInput
          label="Cron expression"
          description="Minute, hour, day of month, month, day of week; in UTC. L is the last day of the month."
          classNames={{ input: 'mono' }}
          spellCheck={false}
          value={schedule.cron}
          error={at('date.cron') ?? scheduleProblems(schedule)['schedule.date.cron']}
          onChange={(event) => set({ cron: event.currentTarget.value })}
        />
      )}
      {form.problems['schedule'] && (
        <p className={css.problem} role="alert">
          {form.problems['schedule']}
        </p>
      )}
      <Outcome cron={cronOf(schedule)} />
    </div>
  );
}

function Outcome({ cron }: { cron: string }) {
  const words = scheduleWords(cron);
  if (words === null) return null;
  return (
    <div className={css.outcome}>
      <p className={css.words} aria-live="polite">
        {words} <span className={css.dim}>UTC</span>
      </p>
      <NextFirings cron={cron} />
    </div>
  );
}

interface ChoicesProps {
  label: string;
  error: string | undefined;
  values: readonly number[];
  choices: readonly { value: number; word: string; long: string }[];
  onChange: (values: number[]) => void;
}

/** Any number of a few short values. */
function Choices({ label, error, values, choices, onChange }: ChoicesProps) {
  const id = useId();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as the other fields.
    <div role="group" aria-labelledby={id} className={css.choices}>
      <span id={id} className={css.label}>
        {label}
      </span>
      <div className={css.chips}>
        {choices.map(({ value, word, long }) => (
          <Chip
            key={value}
            size="xs"
            radius="sm"
            variant="outline"
            aria-label={long}
            checked={values.includes(value)}
            onChange={(checked) =>
              onChange(checked ? [...values, value] : values.filter((one) => one !== value))
            }
          >
            {word}
          </Chip>
        ))}
      </div>
      {error && (
        <p className={css.problem} role="alert">
          {error}
        </p>
      )}
    </div>
  );
}
