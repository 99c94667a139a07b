import { useDocumentTitle } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useMemo } from 'react';
import { messageOf } from '@/api/errors';
import { AboveLink, type Column, DataTable, rowLink } from '@/ui/data-table';
import { Empty } from '@/ui/empty';
import { Page } from '@/ui/page';
import { PageHeader } from '@/ui/page-header';
import { Problem } from '@/ui/problem';
import { formatDuration } from '@/ui/time';
import { TimeAgo } from '@/ui/time-ago';
import { type SourceState, sourcesQuery } from './catalog-api';
import { EnvironmentName } from './environment-name';
import { byUrgency, limitWords, sourceTitle } from './freshness-rows';
import { freshnessState } from './kinds';
import { StateCell } from './state-cell';

const route = '/signed-in/explore/$account/environments/$environment/freshness';

function columnsOf(account: number, environment: number): Column<SourceState>[] {
  return [
    {
      key: 'source',
      title: 'Source',
      width: 'minmax(180px, 2fr)',
      cell: (source) => (
        <Link
          to="/explore/$account/environments/$environment/nodes/$node/"
          params={{ account, environment, node: source.uniqueId }}
          className={rowLink}
          title={sourceTitle(source)}
        >
          <bdi>{sourceTitle(source)}</bdi>
        </Link>
      ),
    },
    {
      key: 'state',
      title: 'Status',
      width: 'minmax(104px, 1fr)',
      cell: ({ freshness }) => (
        <StateCell state={freshnessState(freshness?.freshnessStatus)} absent="Not checked" />
      ),
    },
    {
      key: 'age',
      title: 'Age when checked',
      width: '128px',
      cell: ({ freshness }) => {
        const seconds = freshness?.maxLoadedAtTimeAgoInS ?? null;
        return (
          <span className="tabular">
            {seconds === null ? '–' : formatDuration(seconds * 1_000)}
          </span>
        );
      },
    },
    {
      key: 'warn',
      title: 'Warns after',
      width: '104px',
      wideOnly: true,
      cell: ({ freshness }) => limitWords(freshness?.criteria.warnAfter) ?? '–',
    },
    {
      key: 'error',
      title: 'Fails after',
      width: '104px',
      wideOnly: true,
      cell: ({ freshness }) => limitWords(freshness?.criteria.errorAfter) ?? '–',
    },
    {
      key: 'loaded',
      title: 'Newest row',
      width: '120px',
      wideOnly: true,
      cell: ({ freshness }) => (
        <AboveLink>
          <TimeAgo at={freshness?.maxLoadedAt} />
        </AboveLink>
      ),
    },
    {
      key: 'checked',
      title: 'Checked',
      width: '120px',
      wideOnly: true,
      cell: ({ freshness }) => (
        <AboveLink>
          <TimeAgo at={freshness?.snapshottedAt} />
        </AboveLink>
      ),
    },
  ];
}

/** How old the data of each source was when it was last looked at. */
export function FreshnessPage() {
  useDocumentTitle('Source freshness · Catalog · Millwright');
  const { account, environment } = useParams({ from: route });
  const sources = useQuery(sourcesQuery(account, environment));
  const rows = useMemo(() => sources.data && byUrgency(sources.data), [sources.data]);
  const columns = useMemo(() => columnsOf(account, environment), [account, environment]);
  return (
    <Page kind="list">
      <PageHeader
        title="Source freshness"
        facts={<EnvironmentName account={account} environment={environment} />}
      />
      {sources.isError && rows === undefined ? (
        <Problem title="The sources could not be read" onRetry={() => void sources.refetch()}>
          {messageOf(sources.error)}
        </Problem>
      ) : rows?.length === 0 ? (
        <Empty title="No sources yet">
          A source is a table that something else loads and that the project reads. Declare it with
          a <code className="mono">loaded_at_field</code> and limits for its age; then jobs that run{' '}
          <code className="mono">dbt source freshness</code> say here how old its newest row is.
        </Empty>
      ) : (
        <DataTable
          label="Source freshness"
          columns={columns}
          rows={rows}
          rowKey={({ uniqueId }) => uniqueId}
        />
      )}
    </Page>
  );
}
