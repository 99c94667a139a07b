import { Skeleton } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { ApiError, messageOf } from '@/api/errors';
import { Empty } from '@/ui/empty';
import { Page } from '@/ui/page';
import { PageHeader } from '@/ui/page-header';
import { Problem } from '@/ui/problem';
import { TimeAgo } from '@/ui/time-ago';
import { docsRunQuery } from './catalog-api';
import css from './docs-page.module.css';

const route = '/signed-in/explore/$account/projects/$project/docs';

/** dbt's own pages of a project, as its newest run of `docs generate` made them. */
export function DocsPage() {
  useDocumentTitle('dbt docs · Catalog · Millwright');
  const { account, project } = useParams({ from: route });
  const { node } = useSearch({ from: route });
  const docs = useQuery(docsRunQuery(account, project));
  const none = docs.error instanceof ApiError && docs.error.kind === 'not_found';
  return (
    <Page kind="list">
      <PageHeader
        title="dbt docs"
        facts={
          docs.data && (
            <span>
              Made by{' '}
              <Link
                to="/deploy/$account/projects/$project/runs/$run"
                params={{ account, project, run: docs.data.run_id }}
              >
                #{docs.data.run_id}
              </Link>{' '}
              of <bdi>{docs.data.job_name}</bdi>, <TimeAgo at={docs.data.finished_at} />
            </span>
          )
        }
      />
      {none ? (
        <Empty title="No docs site yet">
          A job with <em>Generate docs</em>, or with a step{' '}
          <code className="mono">dbt docs generate</code>, makes dbt’s own documentation site. The
          newest is shown here.
        </Empty>
      ) : docs.error ? (
        <Problem title="The docs could not be read" onRetry={() => void docs.refetch()}>
          {messageOf(docs.error)}
        </Problem>
      ) : docs.data === undefined ? (
        <Skeleton className={css.site} />
      ) : (
        <iframe
          // Its address after the # is its own business once it is there.
          key={`${docs.data.run_id} ${node ?? ''}`}
          className={css.site}
          title="dbt docs"
          sandbox="allow-scripts"
          src={`/api/ui/accounts/${account}/runs/${docs.data.run_id}/docs/${placeOf(node)}`}
        />
      )}
    </Page>
  );
}

/** `model.shop.orders` as the site's own address of it. */
function placeOf(node: string | undefined): string {
  const type = node?.split('.')[0];
  return node === undefined ? '' : `#!/${type}/${encodeURIComponent(node)}`;
}
