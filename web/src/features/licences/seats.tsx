import { Progress, Skeleton } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { messageOf } from '@/api/errors';
import { licenceMeaning, licences, licenceWord } from '@/features/users/licence';
import { Problem } from '@/ui/problem';
import { type Seats, seatsQuery } from './licences-api';
import css from './seats.module.css';

/** Seats in use, of those that there are, by licence. */
export function SeatsList({ account }: { account: number }) {
  const seats = useQuery(seatsQuery(account));
  if (seats.isError && seats.data === undefined)
    return (
      <Problem title="The seats could not be read" onRetry={() => void seats.refetch()}>
        {messageOf(seats.error)}
      </Problem>
    );
  return (
    <ul className={css.list}>
      {licences.map((licence) => {
        const of = seats.data?.[licence];
        return (
          <li key={licence} className={css.seat}>
            <div className={css.words}>
              <strong>{licenceWord(licence)}</strong>
              <span className={css.meaning}>{licenceMeaning(licence)}</span>
            </div>
            <div className={css.use}>
              {of === undefined ? (
                <Skeleton height={16} width={96} />
              ) : (
                <Use seats={of} word={licenceWord(licence)} />
              )}
            </div>
          </li>
        );
      })}
    </ul>
  );
}

function Use({ seats, word }: { seats: Seats; word: string }) {
  const { in_use, total, limited, over_limit } = seats;
  if (!limited)
    return (
      <span>
        <span className="tabular">{in_use.toLocaleString('en')}</span> in use, no limit
      </span>
    );
  return (
    <>
      <span className={over_limit ? css.over : undefined}>
        {over_limit && <IconAlertTriangle size={16} aria-hidden="true" />}
        <span className="tabular">
          {in_use.toLocaleString('en')} of {total.toLocaleString('en')}
        </span>{' '}
        in use{over_limit ? ', more than there are' : ''}
      </span>
      <Progress
        value={Math.min(100, (100 * in_use) / total)}
        color={over_limit ? 'red' : 'accent'}
        size="sm"
        aria-label={`${word} seats in use`}
      />
    </>
  );
}
