import { Skeleton, Tabs } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { messageOf } from '@/api/errors';
import { Page } from '@/ui/page';
import { PageHeader } from '@/ui/page-header';
import { Problem } from '@/ui/problem';
import { type NodeSearch, type NodeTab, nodeTabs } from '../catalog-search';
import { sourceTitle } from '../freshness-rows';
import { type NodeDetail, type NodeFacts, nodeQuery } from '../node-api';
import { CodePanel } from './code-panel';
import { HistoryPanel } from './history-panel';
import { LineagePanel } from './lineage-panel';
import css from './node.module.css';
import { NodeHeader } from './node-header';
import { OverviewPanel } from './overview-panel';

const route = '/signed-in/explore/$account/environments/$environment/nodes/$node';

export interface NodePlace {
  account: number;
  environment: number;
}

export function NodePage() {
  const { account, environment, node: uniqueId } = useParams({ from: route });
  const query = useQuery(nodeQuery(account, environment, uniqueId));
  const name = query.data?.node ? sourceTitle(query.data.node) : uniqueId;
  useDocumentTitle(`${name} · Catalog · Millwright`);
  const place = { account, environment };
  if (query.data?.node)
    return <NodeContent place={place} node={query.data.node} facts={query.data} />;
  return (
    <Page>
      {!query.isPending && <PageHeader title={name} />}
      {query.data !== undefined ? (
        <Problem title="There is no such node in this environment">
          {uniqueId} is not in the manifest of the environment’s latest run. It may have been
          renamed or removed, or no run has ended there yet.
        </Problem>
      ) : query.isError ? (
        <Problem title="The node could not be read" onRetry={() => void query.refetch()}>
          {messageOf(query.error)}
        </Problem>
      ) : (
        <div className={css.loading} aria-busy="true">
          <Skeleton height={28} width="min(360px, 80%)" />
          <Skeleton height={14} width="min(560px, 90%)" />
          <Skeleton height={32} width={320} />
          <Skeleton height={240} />
        </div>
      )}
    </Page>
  );
}

const tabWords: Record<NodeTab, string> = {
  overview: 'Overview',
  code: 'Code',
  lineage: 'Lineage',
  history: 'History',
};

function hasTab(tab: NodeTab, node: NodeDetail): boolean {
  if (tab === 'code') return Boolean(node.rawCode) || Boolean(node.compiledCode);
  if (tab === 'history') return node.executionInfo !== undefined || node.tests !== undefined;
  return true;
}

interface NodeContentProps {
  place: NodePlace;
  node: NodeDetail;
  facts: NodeFacts;
}

function NodeContent({ place, node, facts }: NodeContentProps) {
  const search = useSearch({ from: route });
  const navigate = useNavigate();
  const change = (next: NodeSearch) =>
    void navigate({
      to: '/explore/$account/environments/$environment/nodes/$node/',
      params: { ...place, node: node.uniqueId },
      search: next,
      replace: true,
    });
  const tabs = nodeTabs.filter((tab) => hasTab(tab, node));
  const tab = tabs.find((one) => one === search.tab) ?? 'overview';
  return (
    <Page>
      <NodeHeader place={place} node={node} owner={facts.owner} />
      <Tabs
        value={tab}
        onChange={(next) => {
          const chosen = nodeTabs.find((one) => one === next) ?? 'overview';
          const { tab: _tab, ...rest } = search;
          change(chosen === 'overview' ? rest : { ...rest, tab: chosen });
        }}
        keepMounted={false}
        classNames={{ list: css.tabList, tab: css.tab, panel: css.panel }}
      >
        <Tabs.List aria-label="Parts of the node">
          {tabs.map((one) => (
            <Tabs.Tab key={one} value={one}>
              {tabWords[one]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="overview">
          <OverviewPanel place={place} node={node} owner={facts.owner} />
        </Tabs.Panel>
        <Tabs.Panel value="code">
          <CodePanel node={node} search={search} change={change} />
        </Tabs.Panel>
        <Tabs.Panel value="lineage">
          <LineagePanel place={place} node={node} search={search} change={change} />
        </Tabs.Panel>
        <Tabs.Panel value="history">
          <HistoryPanel place={place} node={node} />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
