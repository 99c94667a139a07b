import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import {
  readCatalogSearch,
  readDocsSearch,
  readLineageSearch,
  readNodeSearch,
} from '@/features/catalog/catalog-search';
import { catalogTypes } from '@/features/catalog/kinds';
import { type Crumb, ids, readId, signedIn } from './root';

const start = (account: unknown): Crumb => ({ word: 'Catalog', href: `/explore/${account}` });

const catalog = createRoute({
  getParentRoute: () => signedIn,
  path: '/explore/$account',
  params: ids('account'),
  validateSearch: readCatalogSearch(catalogTypes),
  component: lazyRouteComponent(() => import('@/features/catalog/catalog-page'), 'CatalogPage'),
  staticData: { crumbs: () => [{ word: 'Catalog' }] },
});

/** `model.shop.orders` as what one would call it. */
function nameOf(uniqueId: unknown): string {
  return String(uniqueId).split('.').slice(2).join('.') || String(uniqueId);
}

/** Links to it end in a slash: the server takes a last part with a dot in it for a file that is not there. */
const node = createRoute({
  getParentRoute: () => signedIn,
  path: '/explore/$account/environments/$environment/nodes/$node',
  params: {
    parse: (texts: Record<'account' | 'environment' | 'node', string>) => ({
      account: readId(texts.account),
      environment: readId(texts.environment),
      node: texts.node,
    }),
    stringify: (values: { account: number; environment: number; node: string }) => ({
      account: String(values.account),
      environment: String(values.environment),
      node: values.node,
    }),
  },
  validateSearch: readNodeSearch,
  component: lazyRouteComponent(() => import('@/features/catalog/node/node-page'), 'NodePage'),
  staticData: {
    crumbs: ({ account, node: id }) => [start(account), { word: nameOf(id) }],
  },
});

const lineage = createRoute({
  getParentRoute: () => signedIn,
  path: '/explore/$account/environments/$environment/lineage',
  params: ids('account', 'environment'),
  validateSearch: readLineageSearch,
  component: lazyRouteComponent(() => import('@/features/catalog/lineage-page'), 'LineagePage'),
  staticData: {
    crumbs: ({ account }) => [start(account), { word: 'Lineage' }],
  },
});

const freshness = createRoute({
  getParentRoute: () => signedIn,
  path: '/explore/$account/environments/$environment/freshness',
  params: ids('account', 'environment'),
  component: lazyRouteComponent(() => import('@/features/catalog/freshness-page'), 'FreshnessPage'),
  staticData: {
    crumbs: ({ account }) => [start(account), { word: 'Source freshness' }],
  },
});

const docs = createRoute({
  getParentRoute: () => signedIn,
  path: '/explore/$account/projects/$project/docs',
  params: ids('account', 'project'),
  validateSearch: readDocsSearch,
  component: lazyRouteComponent(() => import('@/features/catalog/docs-page'), 'DocsPage'),
  staticData: {
    crumbs: ({ account }) => [start(account), { word: 'dbt docs' }],
  },
});

export const catalogRoutes = [catalog, node, lineage, freshness, docs] as const;
