import { Button } from '@mantine/core';
import { type ErrorComponentProps, Link } from '@tanstack/react-router';
import { ApiError, messageOf } from '@/api/errors';
import { Problem } from '@/ui/problem';
import css from './error-pages.module.css';

export function NotFoundPage() {
  return (
    <div className={css.page}>
      <Problem title="There is no such page">
        The address may be mistyped, or it belongs to a part of dbt Cloud that this version does not
        have.
        <div className={css.action}>
          <Button variant="default" renderRoot={(props) => <Link to="/" {...props} />}>
            Go to the start page
          </Button>
        </div>
      </Problem>
    </div>
  );
}

/** What a page shows when it could not be drawn at all, mostly after an upgrade of the server. */
export function RouteErrorPage({ error, reset }: ErrorComponentProps) {
  const known = error instanceof ApiError;
  return (
    <div className={css.page}>
      <Problem
        title={known ? messageOf(error) : 'This page could not be shown'}
        onRetry={() => (known ? reset() : window.location.reload())}
      >
        {known
          ? null
          : 'Millwright may have been upgraded since the page was opened; reloading it helps then.'}
      </Problem>
    </div>
  );
}
