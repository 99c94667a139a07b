import { Skeleton, Tabs } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useParams, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useMemo } from 'react';
import { ApiError, messageOf } from '@/api/errors';
import type { Run, RunNode } from '@/api/types';
import { Problem } from '@/ui/problem';
import { stateWord } from '@/ui/states';
import { artifactsQuery, runNodesQuery, runQuery } from '../runs-api';
import { type RunTab, runTabs } from '../search-params';
import { settledNodes, stateOf } from '../status';
import { useRunLive } from '../use-runs-live';
import { ArtifactsPanel } from './artifacts/artifacts-panel';
import { useChangeSearch } from './change-search';
import { comparisonQuery } from './compare/compare-api';
import { FailurePanel } from './failure-panel';
import { LogsPanel } from './logs/logs-panel';
import { useShownRows } from './logs/shown-rows';
import { NodeDrawer } from './nodes/node-drawer';
import { NodesPanel } from './nodes/nodes-panel';
import { RunBar } from './run-bar';
import { RunHeader } from './run-header';
import css from './run-page.module.css';

// Read when their tab is first opened; the log, which comes first, does not wait for them.
const TimelinePanel = lazy(async () => ({
  default: (await import('./timeline/timeline-panel')).TimelinePanel,
}));
const LineagePanel = lazy(async () => ({
  default: (await import('./lineage/lineage-panel')).LineagePanel,
}));
const ChangesPanel = lazy(async () => ({
  default: (await import('./changes/changes-panel')).ChangesPanel,
}));
const ComparePanel = lazy(async () => ({
  default: (await import('./compare/compare-panel')).ComparePanel,
}));

const noNodes: RunNode[] = [];

function isRunTab(value: string | null): value is RunTab {
  return runTabs.some((tab) => tab === value);
}

export function RunPage() {
  const { account, run: id } = useParams({
    from: '/signed-in/deploy/$account/projects/$project/runs/$run',
  });
  // A page of its own per run: nothing of one (a search, a scroll position) leaks into another.
  return <OneRun key={`${account}/${id}`} account={account} id={id} />;
}

function OneRun({ account, id }: { account: number; id: number }) {
  const query = useQuery(runQuery(account, id));
  useRunLive(account, id);
  const state = query.data && stateWord[stateOf(query.data.status)];
  const job = query.data?.job?.name;
  useDocumentTitle([`#${id}`, state, job && `· ${job}`, '· Millwright'].filter(Boolean).join(' '));
  if (query.data !== undefined) return <RunContent account={account} run={query.data} />;
  if (!query.isError) return <RunSkeleton />;
  const missing = query.error instanceof ApiError && query.error.kind === 'not_found';
  return (
    <div className={css.page}>
      {missing ? (
        <Problem title={`There is no run #${id}`}>
          It may have been removed after its retention time, or it belongs to an account that you
          may not see.
        </Problem>
      ) : (
        <Problem title={`Run #${id} could not be read`} onRetry={() => void query.refetch()}>
          {messageOf(query.error)}
        </Problem>
      )}
    </div>
  );
}

function RunContent({ account, run }: { account: number; run: Run }) {
  const search = useSearch({ from: '/signed-in/deploy/$account/projects/$project/runs/$run' });
  const change = useChangeSearch();
  const nodesQuery = useQuery(runNodesQuery(account, run.id));
  const read = nodesQuery.data ?? noNodes;
  const nodes = useMemo(() => settledNodes(run, read), [run, read]);
  const { data: artifacts } = useQuery(artifactsQuery(account, run.id));
  const { data: comparison } = useQuery(comparisonQuery(account, run));
  const shown = useShownRows(run.id);
  const tab: RunTab = search.tab ?? 'logs';
  const opened = nodes.find((node) => node.unique_id === search.node) ?? null;
  const shared = { account, run, nodes, change };
  return (
    <div className={css.page}>
      <RunHeader account={account} run={run} />
      <RunBar
        run={run}
        nodes={nodes}
        onStep={(step) => change({ tab: undefined, step, find: undefined })}
      />
      <FailurePanel
        account={account}
        run={run}
        nodes={nodes}
        pending={nodesQuery.isPending}
        change={change}
      />
      <Tabs
        value={tab}
        onChange={(next) => isRunTab(next) && change({ tab: next === 'logs' ? undefined : next })}
        keepMounted={false}
        classNames={{
          root: css.tabs,
          list: css.tabList,
          tab: css.tab,
          tabLabel: css.tabLabel,
          panel: css.panel,
        }}
      >
        <Tabs.List aria-label="Parts of the run">
          <Tabs.Tab value="logs">Steps & logs</Tabs.Tab>
          <Tabs.Tab value="timeline">Timeline</Tabs.Tab>
          <Tabs.Tab value="lineage">Lineage</Tabs.Tab>
          <Tabs.Tab value="nodes">
            Nodes <Count value={nodesQuery.data?.length} />
          </Tabs.Tab>
          <Tabs.Tab value="artifacts">
            Artifacts <Count value={artifacts?.length} />
          </Tabs.Tab>
          <Tabs.Tab value="changes">Changes</Tabs.Tab>
          {(comparison != null || tab === 'compare') && (
            <Tabs.Tab value="compare">Compare</Tabs.Tab>
          )}
        </Tabs.List>
        <Tabs.Panel value="logs">
          <LogsPanel account={account} run={run} search={search} change={change} shown={shown} />
        </Tabs.Panel>
        <Suspense fallback={<Skeleton className={css.skeletonBody} />}>
          <Tabs.Panel value="timeline">
            <TimelinePanel {...shared} search={search} pending={nodesQuery.isPending} />
          </Tabs.Panel>
          <Tabs.Panel value="lineage">
            <LineagePanel {...shared} search={search} pending={nodesQuery.isPending} />
          </Tabs.Panel>
          <Tabs.Panel value="changes">
            <ChangesPanel {...shared} query={nodesQuery} />
          </Tabs.Panel>
          <Tabs.Panel value="compare">
            <ComparePanel account={account} run={run} change={change} />
          </Tabs.Panel>
        </Suspense>
        <Tabs.Panel value="nodes">
          <NodesPanel run={run} nodes={nodes} query={nodesQuery} search={search} change={change} />
        </Tabs.Panel>
        <Tabs.Panel value="artifacts">
          <ArtifactsPanel account={account} run={run} />
        </Tabs.Panel>
      </Tabs>
      <NodeDrawer account={account} run={run} node={opened} change={change} />
    </div>
  );
}

function Count({ value }: { value: number | undefined }) {
  if (value === undefined || value === 0) return null;
  return <span className={css.count}>{value.toLocaleString('en')}</span>;
}

function RunSkeleton() {
  return (
    <div className={css.page} aria-busy="true">
      <Skeleton height={28} width="min(420px, 80%)" />
      <Skeleton height={14} width="min(560px, 90%)" />
      <Skeleton height={44} />
      <Skeleton height={32} width={280} />
      <Skeleton className={css.skeletonBody} />
    </div>
  );
}
