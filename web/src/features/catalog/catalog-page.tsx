import { Button, Skeleton } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { IconBinaryTree2, IconBook, IconClock } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { messageOf } from '@/api/errors';
import { Empty } from '@/ui/empty';
import { Page } from '@/ui/page';
import { PageHeader } from '@/ui/page-header';
import { Problem } from '@/ui/problem';
import { type Environment, environmentsQuery } from './catalog-api';
import { CatalogTable } from './catalog-table';
import { CatalogToolbar } from './catalog-toolbar';
import { filterEntries, shownEnvironments } from './entries';
import { useColumnHits, useEntries } from './use-entries';

const none: Environment[] = [];

/** Everything that the account's projects build and read, across environments. */
export function CatalogPage() {
  useDocumentTitle('Catalog · Millwright');
  const { account } = useParams({ from: '/signed-in/explore/$account' });
  const search = useSearch({ from: '/signed-in/explore/$account' });
  const navigate = useNavigate({ from: '/explore/$account' });
  const all = useQuery(environmentsQuery(account));
  const shown = useMemo(
    () => shownEnvironments(all.data ?? none, search.environment),
    [all.data, search.environment],
  );
  const { entries, pending, error, retry } = useEntries(account, shown);
  const columns = useColumnHits(account, shown, search.q ?? '');
  const found = useMemo(
    () => filterEntries(entries, search, columns.found),
    [entries, search, columns.found],
  );
  const loading = all.isPending || pending;
  const failed = all.data === undefined ? all.error : entries.length === 0 ? error : null;
  return (
    <Page kind="list">
      <PageHeader
        title="Catalog"
        aside={
          loading ? (
            <Skeleton width={64} height={12} />
          ) : (
            <span className="tabular" aria-live="polite">
              {found.length.toLocaleString('en')} of {entries.length.toLocaleString('en')}
            </span>
          )
        }
        actions={
          shown.length === 1 && shown[0] && <Views account={account} environment={shown[0]} />
        }
      />
      {failed ? (
        <Problem
          title="The catalog could not be read"
          onRetry={() => (all.data === undefined ? void all.refetch() : retry())}
        >
          {messageOf(failed)}
        </Problem>
      ) : (
        <>
          <CatalogToolbar
            environments={all.data ?? none}
            entries={entries}
            search={search}
            change={(change) =>
              void navigate({
                params: { account },
                search: (before) => withoutAbsent({ ...before, ...change }),
                replace: true,
              })
            }
          />
          {!loading && entries.length === 0 ? (
            <NothingYet account={account} chosen={search.environment !== undefined} />
          ) : !loading && found.length === 0 ? (
            columns.searching ? (
              <CatalogTable account={account} entries={undefined} />
            ) : (
              <NoMatch account={account} environment={search.environment} />
            )
          ) : (
            <CatalogTable account={account} entries={loading ? undefined : found} />
          )}
        </>
      )}
    </Page>
  );
}

function withoutAbsent<T extends object>(search: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}

function Views({ account, environment }: { account: number; environment: Environment }) {
  const params = { account, environment: environment.id };
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconBinaryTree2 size={16} />}
        renderRoot={(props) => (
          <Link
            to="/explore/$account/environments/$environment/lineage"
            params={params}
            {...props}
          />
        )}
      >
        Lineage
      </Button>
      <Button
        variant="default"
        leftSection={<IconClock size={16} />}
        renderRoot={(props) => (
          <Link
            to="/explore/$account/environments/$environment/freshness"
            params={params}
            {...props}
          />
        )}
      >
        Source freshness
      </Button>
      <Button
        variant="default"
        leftSection={<IconBook size={16} />}
        renderRoot={(props) => (
          <Link
            to="/explore/$account/projects/$project/docs"
            params={{ account, project: environment.project_id }}
            {...props}
          />
        )}
      >
        dbt docs
      </Button>
    </>
  );
}

function NothingYet({ account, chosen }: { account: number; chosen: boolean }) {
  return (
    <Empty
      title={chosen ? 'This environment has no nodes yet' : 'The catalog is empty'}
      action={
        <Button
          variant="default"
          renderRoot={(props) => (
            <Link to="/deploy/$account/runs" params={{ account }} {...props} />
          )}
        >
          Go to the runs
        </Button>
      }
    >
      The catalog holds what a project builds and reads: models, sources, tests, exposures, with
      their columns, their lineage and what became of them. It fills by itself with the first run
      that ends, such as one of <code className="mono">dbt build</code>. Column types come with a
      job that generates docs.
    </Empty>
  );
}

function NoMatch({ account, environment }: { account: number; environment: number | undefined }) {
  return (
    <Empty
      title="Nothing matches"
      action={
        <Button
          variant="default"
          renderRoot={(props) => (
            <Link
              to="/explore/$account"
              params={{ account }}
              search={environment === undefined ? {} : { environment }}
              {...props}
            />
          )}
        >
          Show everything
        </Button>
      }
    >
      The words are looked for in names, descriptions, tags and columns of what the filters leave.
    </Empty>
  );
}
