import { formatLocal, formatUtc } from '@/ui/time';
import { useCoarseNow } from '@/ui/use-now';
import { firings } from './cron';
import css from './next-firings.module.css';
import { cronOrNull } from './schedule';

/** When a schedule fires next, in UTC and on this browser's clock. */
export function NextFirings({ cron, count = 5 }: { cron: string; count?: number }) {
  const now = useCoarseNow(60_000);
  const read = cronOrNull(cron);
  if (read === null) return null;
  return (
    <table className={css.root}>
      <caption className={css.caption}>Next {count} runs</caption>
      <thead>
        <tr>
          <th scope="col">UTC</th>
          <th scope="col">Your time</th>
        </tr>
      </thead>
      <tbody>
        {firings(read, now, count).map((at) => (
          <tr key={at}>
            <td className="tabular">{day(at, formatUtc(at), 'UTC')}</td>
            <td className="tabular">
              {day(at, formatLocal(at))}
              <span className={css.offset}>{formatLocal(at).slice(19)}</span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** `Fri 2026-11-27 06:00`; a schedule has no seconds. */
function day(at: number, written: string, timeZone?: 'UTC'): string {
  const name = new Intl.DateTimeFormat('en-GB', { weekday: 'short', timeZone }).format(at);
  return `${name} ${written.slice(0, 16)}`;
}
