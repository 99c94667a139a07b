/** Cron as the server reads it: five fields in UTC, names, ranges, steps, `L`, and the `@daily` forms. */

interface Field {
  name: string;
  least: number;
  most: number;
  /** Of the values from `least` on. */
  names: readonly string[];
  takesLastDay: boolean;
  isWeekday: boolean;
}

const monthNames = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');
const dayNames = 'SUN MON TUE WED THU FRI SAT'.split(' ');

const plain = { names: [], takesLastDay: false, isWeekday: false };
const minuteField: Field = { ...plain, name: 'minute', least: 0, most: 59 };
const hourField: Field = { ...plain, name: 'hour', least: 0, most: 23 };
const dayField: Field = { ...plain, name: 'day of month', least: 1, most: 31, takesLastDay: true };
const monthField: Field = { ...plain, name: 'month', least: 1, most: 12, names: monthNames };
const weekdayField: Field = {
  ...plain,
  name: 'day of week',
  least: 0,
  most: 7,
  names: dayNames,
  isWeekday: true,
};

const aliases: Record<string, string> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

export interface Cron {
  /** As it was written, with single blanks. */
  text: string;
  /** The five fields, a short form spelt out. */
  fields: readonly string[];
  minutes: readonly number[];
  hours: readonly number[];
  days: ReadonlySet<number>;
  lastDay: boolean;
  months: ReadonlySet<number>;
  weekdays: ReadonlySet<number>;
  /** Both day fields are restricted: a day that fits either of them fires. */
  eitherDay: boolean;
}

export class CronError extends Error {}

function refuse(field: Field, text: string, why: string): never {
  throw new CronError(`${field.name} "${text}": ${why}`);
}

function numberOf(text: string): number | null {
  return /^\d{1,9}$/.test(text) ? Number(text) : null;
}

function whatFits({ least, most, names, takesLastDay }: Field): string {
  const name = names.length > 0 ? ` or a name (${names[0]} to ${names.at(-1)})` : '';
  const last = takesLastDay ? ' or L (the last day of the month)' : '';
  return `must be from ${least} to ${most}${name}${last}`;
}

function numberIn(field: Field, text: string, item: string): number {
  const named = field.names.indexOf(text.toUpperCase());
  if (named >= 0) return field.least + named;
  const value = numberOf(text);
  if (value === null || value < field.least || value > field.most)
    refuse(field, item, whatFits(field));
  return value;
}

/** `*`, `5`, `5-9`, each with or without `/n`; `5/n` runs to the end of the field. */
function valuesOf(field: Field, item: string): number[] {
  const slash = item.indexOf('/');
  const base = slash < 0 ? item : item.slice(0, slash);
  let first = field.least;
  let last = field.isWeekday ? 6 : field.most;
  if (base !== '*') {
    const dash = base.indexOf('-');
    first = numberIn(field, dash < 0 ? base : base.slice(0, dash), item);
    if (dash >= 0) {
      last = numberIn(field, base.slice(dash + 1), item);
      // A week may also be said to end with Sunday.
      if (field.isWeekday && last === 0 && first > 0) last = 7;
      if (last < first) refuse(field, item, 'the range runs backwards');
    } else {
      if (field.isWeekday && first === 7) first = 0;
      if (slash < 0) last = first;
    }
  }
  let step = 1;
  if (slash >= 0) {
    const given = numberOf(item.slice(slash + 1));
    if (given === null || given < 1 || given > field.most)
      refuse(field, item, `the step must be a whole number from 1 to ${field.most}`);
    step = given;
  }
  const values = [];
  for (let value = first; value <= last; value += step)
    values.push(field.isWeekday ? value % 7 : value);
  return values;
}

function setOf(field: Field, text: string): { values: Set<number>; lastDay: boolean } {
  const values = new Set<number>();
  let lastDay = false;
  for (const item of text.split(',')) {
    if (item === '') refuse(field, text, 'a value is missing');
    if (field.takesLastDay && item.toUpperCase() === 'L') lastDay = true;
    else for (const value of valuesOf(field, item)) values.add(value);
  }
  return { values, lastDay };
}

const sorted = (values: Set<number>) => [...values].sort((a, b) => a - b);

/** Throws a CronError with the server's own words. */
export function parseCron(text: string): Cron {
  const written = text.split(/[ \t\r\n]+/).filter((word) => word !== '');
  let fields = written;
  if (fields.length === 1 && fields[0]?.startsWith('@')) {
    const known = aliases[fields[0].toLowerCase()];
    if (known === undefined) throw new CronError(`"${fields[0]}" is not a known short form`);
    fields = known.split(' ');
  }
  const [minute, hour, day, month, weekday] = fields;
  if (
    fields.length !== 5 ||
    minute === undefined ||
    hour === undefined ||
    day === undefined ||
    month === undefined ||
    weekday === undefined
  ) {
    throw new CronError(
      `must have 5 fields (minute, hour, day of month, month, day of week), not ${fields.length}`,
    );
  }
  const days = setOf(dayField, day);
  const cron: Cron = {
    text: written.join(' '),
    fields,
    minutes: sorted(setOf(minuteField, minute).values),
    hours: sorted(setOf(hourField, hour).values),
    days: days.values,
    lastDay: days.lastDay,
    months: setOf(monthField, month).values,
    weekdays: setOf(weekdayField, weekday).values,
    eitherDay: !day.startsWith('*') && !weekday.startsWith('*'),
  };
  if (firings(cron, Date.UTC(2000, 0, 1), 1).length === 0)
    refuse(dayField, day, `no such day ever comes in month "${month}"`);
  return cron;
}

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/** The rarest date, a 29 February on a given weekday, comes back after 40 years at the latest. */
const searchDays = 366 * 41;

function fits(cron: Cron, dayStart: number): boolean {
  const date = new Date(dayStart);
  if (!cron.months.has(date.getUTCMonth() + 1)) return false;
  const isLast = new Date(dayStart + dayMs).getUTCDate() === 1;
  const byMonth = cron.days.has(date.getUTCDate()) || (cron.lastDay && isLast);
  const byWeek = cron.weekdays.has(date.getUTCDay());
  return cron.eitherDay ? byMonth || byWeek : byMonth && byWeek;
}

/** The next `count` firings after a moment, in milliseconds since the epoch. */
export function firings(cron: Cron, afterMs: number, count: number): number[] {
  const from = (Math.floor(afterMs / minuteMs) + 1) * minuteMs;
  const firstDay = Math.floor(from / dayMs) * dayMs;
  const found: number[] = [];
  for (let n = 0, end = searchDays; n <= end; n++) {
    const day = firstDay + n * dayMs;
    if (!fits(cron, day)) continue;
    for (const hour of cron.hours) {
      for (const minute of cron.minutes) {
        const firing = day + (hour * 60 + minute) * minuteMs;
        if (firing < from) continue;
        found.push(firing);
        if (found.length === count) return found;
        end = n + searchDays;
      }
    }
  }
  return found;
}

/** What is wrong with it, or null. */
export function cronProblem(text: string): string | null {
  try {
    parseCron(text);
    return null;
  } catch (error) {
    return error instanceof CronError ? error.message : 'cannot be read';
  }
}
