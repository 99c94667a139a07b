import { Link, useMatches } from '@tanstack/react-router';
import { Fragment } from 'react';
import css from './shell.module.css';

/** Where one is: the account, and then what the route that matched says. */
export function Breadcrumbs({ accountName }: { accountName: string }) {
  const deepest = useMatches().at(-1);
  const crumbs = deepest?.staticData.crumbs?.(deepest.params) ?? [];
  return (
    <nav aria-label="Breadcrumbs" className={css.crumbs}>
      <bdi className={css.account} title={accountName}>
        {accountName}
      </bdi>
      {crumbs.map(({ word, href }) => (
        <Fragment key={word}>
          <span aria-hidden="true" className={css.slash}>
            /
          </span>
          {href === undefined ? (
            <span aria-current="page">{word}</span>
          ) : (
            <Link to={href} className={css.crumbLink}>
              {word}
            </Link>
          )}
        </Fragment>
      ))}
    </nav>
  );
}
