import { IconEye, IconPencil } from '@tabler/icons-react';
import css from './access-table.module.css';
import { accessLines, type NameOf } from './access-words';
import { effectiveAccess, type Grant, type Licence } from './effective';

interface AccessTableProps {
  grants: readonly Grant[];
  licence: Licence;
  nameOf: NameOf;
  /** Said where nothing is given. */
  nothing: string;
}

/** What grants add up to, in words. */
export function AccessTable({ grants, licence, nameOf, nothing }: AccessTableProps) {
  const lines = accessLines(effectiveAccess(grants, licence), nameOf);
  if (lines.length === 0) return <p className={css.nothing}>{nothing}</p>;
  return (
    <dl className={css.root}>
      {lines.map(({ key, access, where, areas }) => (
        <div key={key} className={css.line}>
          <dt className={css.place}>
            {access === 'write' ? (
              <IconPencil size={16} aria-hidden="true" />
            ) : (
              <IconEye size={16} aria-hidden="true" />
            )}
            <span>
              {access === 'write' ? 'Change' : 'See'} <bdi>{where}</bdi>
            </span>
          </dt>
          <dd className={css.areas}>{areas.join(' · ')}</dd>
        </div>
      ))}
    </dl>
  );
}
