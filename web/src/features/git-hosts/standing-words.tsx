import type { ReactNode } from 'react';
import { StateBadge } from '@/ui/state-badge';
import { TimeAgo } from '@/ui/time-ago';
import css from './git-host.module.css';
import type { Standing } from './host-standing';
import { Trouble } from './trouble';

interface StandingWordsProps {
  /** What it is: “GitLab, by a token”. */
  title: ReactNode;
  standing: Standing;
  since: string | null;
}

/** Whether a way to a host works; where it does not, what the host said and what to do. */
export function StandingWords({ title, standing, since }: StandingWordsProps) {
  const { state, word, reason, remedy } = standing;
  return (
    <>
      <div className={css.head}>
        <strong>{title}</strong>
        <StateBadge state={state} word={word} />
        {since !== null && (
          <span className={css.note}>
            since <TimeAgo at={since} />
          </span>
        )}
      </div>
      {remedy !== null && (
        <Trouble tone={state === 'error' ? 'red' : 'amber'}>
          {reason !== null && <p dir="auto">{reason}</p>}
          <p>{remedy}</p>
        </Trouble>
      )}
    </>
  );
}
