import { toString as cronWords } from 'cronstrue';
import { type Cron, cronProblem, parseCron } from './cron';
import type { JobSchedule } from './job-types';

export type ScheduleKind = 'interval' | 'hours' | 'cron';

/** A schedule as the form holds it; each kind keeps its own parts while one tries another. */
export interface ScheduleDraft {
  kind: ScheduleKind;
  /** Of the week, from 0 for Sunday. All seven: every day. */
  days: number[];
  interval: number | '';
  hours: number[];
  cron: string;
}

export const everyDay = [0, 1, 2, 3, 4, 5, 6];

/** Monday first, as people plan weeks. */
export const weekdays = [
  { day: 1, word: 'Mon', long: 'Monday' },
  { day: 2, word: 'Tue', long: 'Tuesday' },
  { day: 3, word: 'Wed', long: 'Wednesday' },
  { day: 4, word: 'Thu', long: 'Thursday' },
  { day: 5, word: 'Fri', long: 'Friday' },
  { day: 6, word: 'Sat', long: 'Saturday' },
  { day: 0, word: 'Sun', long: 'Sunday' },
] as const;

export const newSchedule: ScheduleDraft = {
  kind: 'hours',
  days: everyDay,
  interval: 6,
  hours: [6],
  cron: '0 6 * * *',
};

const ascending = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b);

const listForm = /^\d{1,2}(,\d{1,2})*$/;
const daysForm = /^[0-6](,[0-6])*$/;
const numbersIn = (list: string) => ascending([...new Set(list.split(',').map(Number))]);

/** The plainest kind that means the expression: what the server itself would make of it. */
export function draftOfCron(cron: string): ScheduleDraft {
  const [minute, hour = '', day, month, week = ''] = cron.split(' ');
  const custom: ScheduleDraft = { ...newSchedule, kind: 'cron', cron };
  if (minute !== '0' || day !== '*' || month !== '*') return custom;
  if (week !== '*' && !daysForm.test(week)) return custom;
  const days = week === '*' ? everyDay : numbersIn(week);
  const step = hour === '*' ? 1 : Number(/^\*\/(\d{1,2})$/.exec(hour)?.[1] ?? 0);
  if (!listForm.test(hour) && (step < 1 || step > 23)) return custom;
  const draft: ScheduleDraft = listForm.test(hour)
    ? { ...custom, kind: 'hours', days, hours: numbersIn(hour) }
    : { ...custom, kind: 'interval', days, interval: step };
  // Spelt as the plain form would be, or it stays as it was written.
  const spelt = cronOf(draft);
  return spelt === cron || (week === '0,1,2,3,4,5,6' && spelt === cron.replace(week, '*'))
    ? draft
    : custom;
}

export function draftOfSchedule(schedule: JobSchedule): ScheduleDraft {
  return draftOfCron(schedule.cron);
}

/** The expression that the server will make of it; of an unfinished draft, an unfinished one. */
export function cronOf(draft: ScheduleDraft): string {
  if (draft.kind === 'cron') return draft.cron.trim();
  const days = draft.days.length === 7 ? '*' : ascending(draft.days).join(',');
  const hours =
    draft.kind === 'hours'
      ? ascending(draft.hours).join(',')
      : draft.interval === 1
        ? '*'
        : `*/${draft.interval}`;
  return `0 ${hours} * * ${days}`;
}

/** As the API takes it. */
export function scheduleBody(draft: ScheduleDraft): { date: object; time: object } {
  const hourly = { type: 'every_hour', interval: draft.interval === '' ? 1 : draft.interval };
  if (draft.kind === 'cron') {
    return {
      date: { type: 'custom_cron', cron: draft.cron.trim() },
      time: { ...hourly, interval: 1 },
    };
  }
  return {
    date:
      draft.days.length === 7
        ? { type: 'every_day' }
        : { type: 'days_of_week', days: ascending(draft.days) },
    time:
      draft.kind === 'hours' ? { type: 'at_exact_hours', hours: ascending(draft.hours) } : hourly,
  };
}

/** Errors by the names that the server would give them. */
export function scheduleProblems(draft: ScheduleDraft): Record<string, string> {
  const problems: Record<string, string> = {};
  if (draft.kind === 'cron') {
    const problem = cronProblem(draft.cron);
    if (problem !== null) problems['schedule.date.cron'] = problem;
    return problems;
  }
  if (draft.days.length === 0) problems['schedule.date.days'] = 'Choose at least one day';
  if (draft.kind === 'hours' && draft.hours.length === 0)
    problems['schedule.time.hours'] = 'Choose at least one hour';
  const { interval } = draft;
  if (draft.kind === 'interval' && (interval === '' || interval < 1 || interval > 23))
    problems['schedule.time.interval'] = 'Must be a whole number from 1 to 23';
  return problems;
}

/** The expression read, or null while it is not finished. */
export function cronOrNull(text: string): Cron | null {
  return cronProblem(text) === null ? parseCron(text) : null;
}

/** “At 06:00, only on Monday”, times in UTC; null for what is no schedule. */
export function scheduleWords(text: string): string | null {
  const cron = cronOrNull(text);
  if (cron === null) return null;
  try {
    const words = cronWords(cron.fields.join(' '), { use24HourTimeFormat: true });
    // Where both day fields are restricted, either is enough; “and” would say otherwise.
    return cron.eitherDay ? words.replace(', and on ', ', or on ') : words;
  } catch {
    return text;
  }
}
