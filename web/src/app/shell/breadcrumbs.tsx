import { Link, useMatches } from '@tanstack/react-router';
import { Fragment } from 'react';
import css from './shell.module.css';

interface Crumb {
  word: string;
  account: number | null;
}

/** Where one is, from the route that matched: account, then the list, then the thing. */
function useCrumbs(): Crumb[] {
  const deepest = useMatches().at(-1);
  switch (deepest?.routeId) {
    case '/signed-in/deploy/$account/runs':
      return [{ word: 'Runs', account: null }];
    case '/signed-in/deploy/$account/projects/$project/runs/$run':
      return [
        { word: 'Runs', account: deepest.params.account },
        { word: `#${deepest.params.run}`, account: null },
      ];
    default:
      return [];
  }
}

export function Breadcrumbs({ accountName }: { accountName: string }) {
  const crumbs = useCrumbs();
  return (
    <nav aria-label="Breadcrumbs" className={css.crumbs}>
      <bdi className={css.account} title={accountName}>
        {accountName}
      </bdi>
      {crumbs.map(({ word, account }) => (
        <Fragment key={word}>
          <span aria-hidden="true" className={css.slash}>
            /
          </span>
          {account === null ? (
            <span aria-current="page">{word}</span>
          ) : (
            <Link to="/deploy/$account/runs" params={{ account }} className={css.crumbLink}>
              {word}
            </Link>
          )}
        </Fragment>
      ))}
    </nav>
  );
}
