/** Times and durations as the whole application writes them. Milliseconds since the epoch, or of length. */

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

const timestampForm =
  /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2}):(\d{2})(?:[.,](\d+))?\s*(Z|[+-]\d{2}(?::?\d{2})?)?$/i;

function offsetMs(text: string | undefined): number {
  if (text === undefined || text.toUpperCase() === 'Z') return 0;
  const hours = Number(text.slice(1, 3));
  const minutes = Number(text.slice(3).replace(':', '') || '0');
  return (text.startsWith('-') ? -1 : 1) * (hours * hour + minutes * minute);
}

/**
 * Reads every spelling that the API uses: a space or a T, any number of decimals, Z, `+00:00` or no
 * offset at all, which means UTC. `null` for anything else, including days that do not exist.
 */
export function parseTimestamp(text: string | null | undefined): number | null {
  const found = timestampForm.exec((text ?? '').trim());
  if (found === null) return null;
  const [, y, mo, d, h, mi, s, fraction] = found;
  const ms = Number((fraction ?? '').slice(0, 3).padEnd(3, '0'));
  const utc = Date.UTC(Number(y), Number(mo) - 1, Number(d), Number(h), Number(mi), Number(s), ms);
  const date = new Date(utc);
  if (date.getUTCDate() !== Number(d) || date.getUTCHours() !== Number(h)) return null;
  return utc - offsetMs(found[8]);
}

/** Reads `HH:MM:SS`, whose hours may pass 24, with or without decimals. */
export function parseClock(text: string | null | undefined): number | null {
  const found = /^(\d+):([0-5]\d):([0-5]\d)(?:\.(\d+))?$/.exec((text ?? '').trim());
  if (found === null) return null;
  const ms = Number((found[4] ?? '').slice(0, 3).padEnd(3, '0'));
  return Number(found[1]) * hour + Number(found[2]) * minute + Number(found[3]) * second + ms;
}

const twoDigits = (value: number) => String(value).padStart(2, '0');

/** `<1s`, `7s`, `1m 23s`, `2h 05m`, `3d 04h`: two parts at most. */
export function formatDuration(ms: number): string {
  const whole = Math.floor(Math.max(0, ms) / second);
  if (whole < 1) return '<1s';
  if (whole < 60) return `${whole}s`;
  if (whole < 3_600) return `${Math.floor(whole / 60)}m ${twoDigits(whole % 60)}s`;
  if (whole < 86_400) {
    return `${Math.floor(whole / 3_600)}h ${twoDigits(Math.floor(whole / 60) % 60)}m`;
  }
  return `${Math.floor(whole / 86_400)}d ${twoDigits(Math.floor(whole / 3_600) % 24)}h`;
}

/** For nodes, many of which take less than a second: `0.12s`, `3.4s`, then as `formatDuration`. */
export function formatExecution(ms: number): string {
  const clean = Math.max(0, ms);
  if (clean < second) return `${(clean / second).toFixed(2)}s`;
  if (clean < 9_950) return `${(clean / second).toFixed(1)}s`;
  return formatDuration(Math.round(clean / second) * second);
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function dayOf(ms: number): string {
  const date = new Date(ms);
  return `${date.getDate()} ${months[date.getMonth()]} ${date.getFullYear()}`;
}

/** `just now`, `3 min ago`, `5 h ago`, `2 days ago`; past a month the local date. Also `in 3 min`. */
export function formatAge(thenMs: number, nowMs: number): string {
  const distance = Math.abs(nowMs - thenMs);
  if (distance < 10 * second) return 'just now';
  if (distance >= 30 * day) return dayOf(thenMs);
  const text =
    distance < minute
      ? `${Math.floor(distance / second)} s`
      : distance < hour
        ? `${Math.floor(distance / minute)} min`
        : distance < day
          ? `${Math.floor(distance / hour)} h`
          : distance < 2 * day
            ? '1 day'
            : `${Math.floor(distance / day)} days`;
  return thenMs > nowMs ? `in ${text}` : `${text} ago`;
}

/** `2026-03-01 10:00:05 UTC`. */
export function formatUtc(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** The same moment on this browser's wall clock, with its offset: `2026-03-01 11:00:05 +01:00`. */
export function formatLocal(ms: number, offsetMinutes = -new Date(ms).getTimezoneOffset()): string {
  const shifted = new Date(ms + offsetMinutes * minute).toISOString();
  const size = Math.abs(offsetMinutes);
  const offset = `${offsetMinutes < 0 ? '-' : '+'}${twoDigits(Math.floor(size / 60))}:${twoDigits(size % 60)}`;
  return `${shifted.slice(0, 19).replace('T', ' ')} ${offset}`;
}

/** Local `HH:MM:SS`, for the margin of a log. */
export function formatTimeOfDay(ms: number): string {
  const date = new Date(ms);
  return `${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}:${twoDigits(date.getSeconds())}`;
}
